@echo off
rem Starts Gatestream on Windows: as bin/gatestream does, without its checks. JAVA_HOME or the PATH must have a Java 17 or newer.
setlocal
set "home=%~dp0.."
set "java=java"
if defined JAVA_HOME set "java=%JAVA_HOME%\bin\java"
rem The default heap begins small and grows where more is needed.
set "begin=%GATESTREAM_HEAP%"
if not defined GATESTREAM_HEAP set "begin=96m" & set "GATESTREAM_HEAP=512m"
if not defined GATESTREAM_DIRECT set "GATESTREAM_DIRECT=1t"
if not defined ORT_DISABLE_TELEMETRY set "ORT_DISABLE_TELEMETRY=1"
set "cache=%LOCALAPPDATA%\gatestream"
if not exist "%cache%\javacpp" mkdir "%cache%\javacpp"
set "broker=;%home%\lib\broker\*;%home%\lib\bench\*"
for %%c in (run ingest labels rejected replay model) do if "%~1"=="%%c" set "broker="
"%java%" -Xms%begin% -Xmx%GATESTREAM_HEAP% -XX:MaxDirectMemorySize=%GATESTREAM_DIRECT% ^
  -XX:+UseG1GC -XX:GCTimeRatio=4 -XX:InitiatingHeapOccupancyPercent=70 -XX:+ExitOnOutOfMemoryError ^
  "-Dorg.bytedeco.javacpp.cachedir=%cache%\javacpp" -Dorg.bytedeco.javacpp.maxBytes=0 -Dorg.bytedeco.javacpp.maxPhysicalBytes=0 ^
  "-Dgatestream.cache=%cache%" "-Dgatestream.home=%home%" %GATESTREAM_JAVA_OPTS% ^
  -cp "%home%\lib\*%broker%" io.gatestream.cli.Main %*
exit /b %ERRORLEVEL%

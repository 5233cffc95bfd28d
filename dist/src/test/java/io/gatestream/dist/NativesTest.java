package io.gatestream.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NativesTest {
  @ParameterizedTest
  @CsvSource({
    "linux-x86_64, ai/onnxruntime/native/linux-x64/libonnxruntime.so",
    "linux-x86_64, librocksdbjni-linux64.so",
    "linux-x86_64, org/bytedeco/opencv/linux-x86_64/libopencv_imgcodecs.so.413",
    "linux-x86_64, org/bytedeco/openblas/linux-x86_64/libgfortran.so.5",
    "linux-arm64, librocksdbjni-linux-aarch64.so",
    "linux-arm64, linux/aarch64/libzstd-jni-1.5.6-10.so",
    "macosx-arm64, ai/onnxruntime/native/osx-aarch64/libonnxruntime4j_jni.dylib",
    "macosx-arm64, librocksdbjni-osx-arm64.jnilib",
    "macosx-arm64, org/bytedeco/opencv/macosx-arm64/libopencv_core.413.dylib",
    "windows-x86_64, org/bytedeco/opencv/windows-x86_64/opencv_core4130.dll",
    "windows-x86_64, org/bytedeco/ffmpeg/windows-x86_64/avcodec-62.dll",
  })
  void nativesOfThePlatformAreNeeded(String platform, String entry) {
    assertThat(Natives.isNative(entry)).isTrue();
    assertThat(new Natives(Platform.named(platform)).isNeeded(entry)).isTrue();
    for (Platform other : Platform.values()) {
      if (other != Platform.named(platform)) {
        assertThat(new Natives(other).isNeeded(entry)).as("%s on %s", entry, other).isFalse();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "librocksdbjni-linux64-musl.so",
        "librocksdbjni-linux-s390x.so",
        "org/bytedeco/ffmpeg/linux-x86_64/ffmpeg",
        "org/bytedeco/opencv/linux-x86_64/libopencv_dnn.so.413",
        "org/bytedeco/opencv/linux-x86_64/libjnicvkernels.so",
        "org/bytedeco/opencv/linux-x86_64/libopencv_java.so",
        "org/bytedeco/opencv/linux-x86_64/python/cv2.cpython-314-x86_64-linux-gnu.so",
        "org/bytedeco/openblas/linux-x86_64/libjniopenblas_full.so",
        "org/bytedeco/openblas/linux-x86_64/include/cblas.h",
        "ai/onnxruntime/native/osx-aarch64/libonnxruntime.dylib.dSYM/Contents/Info.plist",
      })
  void restOfTheNativesIsLeftOut(String entry) {
    assertThat(Natives.isNative(entry)).isTrue();
    assertThat(new Natives(Platform.LINUX_X86_64).isNeeded(entry)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "macosx-arm64, org/bytedeco/ffmpeg/macosx-arm64/libatomic.1.dylib",
    "windows-x86_64, org/bytedeco/openblas/windows-x86_64/jniopenblas.lib",
  })
  void whatItsOwnPlatformCannotLoadIsLeftOut(String platform, String entry) {
    assertThat(Natives.isNative(entry)).isTrue();
    assertThat(new Natives(Platform.named(platform)).isNeeded(entry)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "org/bytedeco/opencv/global/opencv_core.class",
        "META-INF/MANIFEST.MF",
        "org/xerial/snappy/VERSION",
        "META-INF/versions/9/module-info.class",
        "org/bytedeco/opencv/presets/opencv_dnn.class",
      })
  void whatJavaReadsStays(String entry) {
    assertThat(Natives.isNative(entry)).isFalse();
  }

  @Test
  void unknownPlatformIsNamedWithThoseThatThereAre() {
    assertThatThrownBy(() -> Platform.named("linux-riscv64"))
        .hasMessageContaining("linux-riscv64")
        .hasMessageContaining("linux-x86_64, linux-arm64, macosx-arm64, windows-x86_64");
  }
}

package io.gatestream.evaluate.report;

import io.gatestream.evaluate.report.StreamTimeline.Mark;
import io.gatestream.evaluate.score.Evaluation;
import io.gatestream.evaluate.score.Mistake;
import io.gatestream.evaluate.score.ScoredStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * One evaluated run, from which its part of the page is made.
 *
 * @param name short; unique among the runs of a report
 * @param streams that the evaluation was given
 * @param marks by the name of the scored stream, beside its resets
 * @param more tables after those of the metrics
 * @param pictures finds a small JPEG of a mistake; called once for each that is shown
 */
public record ReportInput(
    String name,
    List<Fact> facts,
    Evaluation evaluation,
    List<ScoredStream> streams,
    Map<String, List<Mark>> marks,
    ReportTable account,
    List<ReportTable> more,
    Function<Mistake, Optional<byte[]>> pictures) {}

package io.gatestream.evaluate;

import io.gatestream.evaluate.report.StreamTimeline.Mark;
import io.gatestream.evaluate.score.Classes;
import io.gatestream.evaluate.score.RunFacts;
import io.gatestream.evaluate.score.ScoredStream;
import io.gatestream.labels.RejectedRecord;
import io.gatestream.model.EventRules;
import java.util.List;
import java.util.Map;

/**
 * The labels of one model's run over videos, or of a topic, and what is known of how they came to
 * be.
 *
 * @param name as the user named it
 * @param models that made the labels, each as name and version
 * @param rules for events; none where events are not scored
 * @param score as the demo counts it; of no meaning where several labels are true at once
 * @param notes what could not be used, a sentence each
 * @param marks by the name of the scored stream
 * @param sent frames sent by stream, empty where that is not known
 */
public record EvaluatedRun(
    String name,
    List<String> models,
    Classes classes,
    EventRules rules,
    List<ScoredStream> streams,
    RunFacts facts,
    Accuracy.Score score,
    List<String> notes,
    List<RejectedRecord> rejected,
    Map<String, List<Mark>> marks,
    Map<String, Long> sent,
    FramePictures pictures) {}

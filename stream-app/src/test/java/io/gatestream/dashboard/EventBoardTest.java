package io.gatestream.dashboard;

import static io.gatestream.dashboard.Samples.START;
import static io.gatestream.dashboard.Samples.event;
import static io.gatestream.dashboard.Samples.time;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatestream.dashboard.EventBoard.Filter;
import io.gatestream.schema.EventPhase;
import io.gatestream.schema.Review;
import io.gatestream.schema.ReviewKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EventBoardTest {
  private final EventBoard board = new EventBoard();

  private static Review review(String id, ReviewKind kind, String truth) {
    return Review.newBuilder()
        .setReviewId(id)
        .setKind(kind)
        .setStreamId("cam")
        .setSession(time(START))
        .setLabel("a")
        .setTruth(truth)
        .setStartCaptureTime(time(START + 1_000))
        .setStartSourceTime(1_000_000)
        .setEndCaptureTime(time(START + 1_300))
        .setEndSourceTime(1_300_000)
        .setReviewTime(time(START + 5_000))
        .build();
  }

  @Test
  void anEventIsItsLastRecord() {
    board.add(List.of(event("1", "cam", EventPhase.START, START, START + 300)));
    assertThat(board.of("cam", 0)).extracting(Views.Event::state).containsExactly("open");
    board.add(List.of(event("1", "cam", EventPhase.END, START, START + 2_000)));

    Views.Event ended = board.of("cam", 0).get(0);
    assertThat(ended.state()).isEqualTo("ended");
    assertThat(ended.reason()).isEqualTo("LABEL_ENDED");
    assertThat(ended.end()).isEqualTo(START + 2_000);
    assertThat(board.told()).isEqualTo(1);
  }

  @Test
  void listsGoOnWhereTheyEndedThoughEventsCome() {
    for (int i = 0; i < 25; i++) {
      board.add(List.of(event("e" + i, "cam", EventPhase.END, START + i / 2, START + i)));
    }
    List<String> ids = new ArrayList<>();
    Optional<EventBoard.Cursor> cursor = Optional.empty();
    do {
      EventBoard.Found page = board.find(Filter.ALL, cursor, 10);
      page.events().forEach(found -> ids.add(found.id()));
      board.add(List.of(event("new" + ids.size(), "cam", EventPhase.END, START + 99, START + 99)));
      cursor = page.next().flatMap(EventBoard.Cursor::parse);
    } while (cursor.isPresent());
    assertThat(ids).hasSize(25).doesNotHaveDuplicates().allMatch(id -> id.startsWith("e"));
  }

  @Test
  void filtersChoose() {
    board.add(List.of(event("1", "Front Door", EventPhase.END, START, START + 100)));
    board.add(List.of(event("2", "yard", EventPhase.START, START + 500, START + 600)));
    board.review("1", Optional.of(review("1", ReviewKind.WRONG, "")));

    assertThat(ids(new Filter("door", "", 0, Long.MAX_VALUE, ""))).containsExactly("1");
    assertThat(ids(new Filter("", "b", 0, Long.MAX_VALUE, ""))).isEmpty();
    assertThat(ids(new Filter("", "a", START + 200, START + 550, ""))).containsExactly("2");
    assertThat(ids(new Filter("", "", 0, Long.MAX_VALUE, "none"))).containsExactly("2");
    assertThat(ids(new Filter("", "", 0, Long.MAX_VALUE, "wrong"))).containsExactly("1");
  }

  private List<String> ids(Filter filter) {
    return board.find(filter, Optional.empty(), 100).events().stream()
        .map(Views.Event::id)
        .toList();
  }

  @Test
  void changesAreEventsAndReviews() {
    board.add(List.of(event("1", "cam", EventPhase.START, START, START + 300)));
    board.add(List.of(event("2", "cam", EventPhase.START, START, START + 300)));
    EventBoard.Changes first = board.since(-1);
    assertThat(first.events()).extracting(Views.Event::id).containsExactly("1", "2");
    assertThat(board.since(first.version()).events()).isEmpty();

    board.review("1", Optional.of(review("1", ReviewKind.RIGHT, "a")));
    EventBoard.Changes second = board.since(first.version());
    assertThat(second.events()).extracting(Views.Event::id).containsExactly("1");
    assertThat(second.events().get(0).review()).isNotNull();
    board.review("1", Optional.empty());
    assertThat(board.since(second.version()).events().get(0).review()).isNull();
  }

  @Test
  void truthIsWhatWasRightWhatItReallyWasAndWhatWasMissed() {
    board.add(List.of(event("1", "cam", EventPhase.END, START + 1_000, START + 2_000)));
    board.review("1", Optional.of(review("1", ReviewKind.RIGHT, "a")));
    board.review("2", Optional.of(review("2", ReviewKind.WRONG, "")));
    board.review("3", Optional.of(review("3", ReviewKind.MISSED, "b, \"c\"")));
    Review round =
        Review.newBuilder(review("4", ReviewKind.MISSED, "b"))
            .setStartSourceTime(100_000_000)
            .setEndSourceTime(120_000_000)
            .build();
    board.review("4", Optional.of(round));

    String csv = TruthFile.of(board.reviewsOfWhole(), stream -> List.of());
    assertThat(csv)
        .isEqualTo(
            """
            stream,start,end,label
            cam,1,2.000001,a
            cam,1,1.300001,"b, ""c""\"
            cam,100,120.000001,b
            """);
    long earlier = START * 1_000 - 1;
    assertThat(TruthFile.of(board.reviewsOfWhole(), stream -> List.of(earlier)))
        .as("the second session that was seen")
        .contains("\"cam#2\",1,2.000001,a");
  }
}

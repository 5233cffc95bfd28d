package io.gatestream.stream.ask;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** A body as text that fails once it is larger than allowed. For one response. */
final class LimitedBody implements BodySubscriber<String> {
  private final BodySubscriber<String> text = BodySubscribers.ofString(UTF_8);
  private final int mostBytes;
  private long bytes;
  private Flow.@Nullable Subscription subscription;

  LimitedBody(int mostBytes) {
    this.mostBytes = mostBytes;
  }

  @Override
  public CompletionStage<String> getBody() {
    return text.getBody();
  }

  @Override
  public void onSubscribe(Flow.Subscription given) {
    subscription = given;
    text.onSubscribe(given);
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    if (bytes > mostBytes) {
      return; // what comes after the cancel
    }
    for (ByteBuffer buffer : buffers) {
      bytes += buffer.remaining();
    }
    if (bytes <= mostBytes) {
      text.onNext(buffers);
      return;
    }
    if (subscription != null) {
      subscription.cancel();
    }
    text.onError(new IOException("its answer has more than %d bytes".formatted(mostBytes)));
  }

  @Override
  public void onError(Throwable thrown) {
    text.onError(thrown);
  }

  @Override
  public void onComplete() {
    if (bytes <= mostBytes) {
      text.onComplete();
    }
  }
}

package io.gatestream.kafka;

import io.gatestream.config.GroupMembership;
import io.gatestream.config.RunConfig;
import io.gatestream.errors.OutageException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.FenceProducersOptions;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.StreamsGroupMemberDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@link Transactions} by Kafka's Admin API. */
public final class KafkaTransactions implements Transactions {
  private static final Logger log = LoggerFactory.getLogger(KafkaTransactions.class);

  private static final String LONGEST = "transaction.max.timeout.ms";

  /** An abort takes milliseconds; this is also the timeout that the brokers note for the id. */
  private static final int ABORT_MILLIS = 10_000;

  /** A broker that is away is asked the next time; nobody waits for it longer. */
  private static final int LIST_MILLIS = 2_000;

  private final RunConfig config;
  private final AdminCalls calls;

  public KafkaTransactions(RunConfig config) {
    this.config = config;
    calls = new AdminCalls(config.kafka());
  }

  @Override
  public Set<String> open() {
    Map<Integer, KafkaFuture<Collection<TransactionListing>>> byBroker =
        calls.get(
            calls
                .client()
                .listTransactions(
                    new ListTransactionsOptions()
                        .filterStates(Set.of(TransactionState.ONGOING))
                        .timeoutMs(LIST_MILLIS))
                .byBrokerId());
    Set<String> open = new HashSet<>();
    byBroker.forEach(
        (broker, listed) -> {
          try {
            calls.get(listed).forEach(transaction -> open.add(transaction.transactionalId()));
          } catch (OutageException e) {
            // a broker that is away: its transactions move to another, which is asked the next time
            log.debug("broker {} does not list its transactions", broker, e);
          }
        });
    return open;
  }

  @Override
  public Set<String> memberClients() {
    String group = config.applicationId();
    if (!GroupMembership.isStreamsProtocol(config.kafka().clientSettings())) {
      return calls.get(calls.client().describeClassicGroups(List.of(group)).all()).values().stream()
          .flatMap(described -> described.members().stream())
          .map(MemberDescription::clientId)
          .collect(Collectors.toSet());
    }
    return calls.get(calls.client().describeStreamsGroups(List.of(group)).all()).values().stream()
        .flatMap(described -> described.members().stream())
        .map(StreamsGroupMemberDescription::clientId)
        .collect(Collectors.toSet());
  }

  @Override
  public void abort(Set<String> transactionalIds) {
    FenceProducersOptions options = new FenceProducersOptions();
    options.timeoutMs(ABORT_MILLIS);
    calls.get(calls.client().fenceProducers(transactionalIds, options).all());
  }

  @Override
  public OptionalInt longestTimeout() {
    try {
      Node any = calls.get(calls.client().describeCluster().nodes()).iterator().next();
      ConfigResource broker = new ConfigResource(ConfigResource.Type.BROKER, any.idString());
      return calls.get(calls.client().describeConfigs(List.of(broker)).all()).values().stream()
          .flatMap(described -> described.entries().stream())
          .filter(entry -> entry.name().equals(LONGEST) && entry.value() != null)
          .mapToInt(entry -> Integer.parseInt(entry.value()))
          .findFirst();
    } catch (AuthorizationException e) {
      log.info(
          "this user lacks {}, so {} is not looked at: where it is too short, the first transaction tells",
          AccessRight.cluster(AclOperation.DESCRIBE_CONFIGS),
          LONGEST);
      return OptionalInt.empty();
    } catch (KafkaException | OutageException e) {
      // for want of a broker: then only the first transaction tells
      log.debug("the brokers' {} may not be read", LONGEST, e);
      return OptionalInt.empty();
    }
  }

  @Override
  public void close() {
    calls.close();
  }
}

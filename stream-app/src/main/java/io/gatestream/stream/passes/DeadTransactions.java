package io.gatestream.stream.passes;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Which open transactions nobody will end: those of processes that are no longer members of the
 * application's group, and of threads that this process no longer has.
 *
 * <p>What is open must be read <em>before</em> the members and threads: whoever had a transaction
 * open then had partitions, so was a member, and is one still unless it lost them. A process that
 * lost its membership cannot commit any more, whether or not it knows yet.
 */
final class DeadTransactions {
  private final ProcessNames names;
  private final String process;

  /**
   * Knows the names.
   *
   * @param process this one
   */
  DeadTransactions(ProcessNames names, String process) {
    this.names = names;
    this.process = process;
  }

  /** Those of this process: all are of an earlier run, as long as it has no thread yet. */
  Set<String> beforeStart(Set<String> open) {
    Set<String> own = new HashSet<>();
    for (String id : open) {
      if (names.ofTransaction(id).filter(thread -> thread.process().equals(process)).isPresent()) {
        own.add(id);
      }
    }
    return own;
  }

  /** Whether one of these is of this application, so that members have to be asked for. */
  boolean concerns(Set<String> open) {
    return open.stream().anyMatch(id -> names.ofTransaction(id).isPresent());
  }

  /**
   * Those that nobody will end. None where the group cannot be understood: this process is no
   * member, or there is a member of another kind, whose transactions nobody here can tell.
   *
   * @param open transactions
   * @param memberClients the client ids of the group's members
   * @param ownThreads names of the threads of this process
   */
  Set<String> among(Set<String> open, Set<String> memberClients, Set<String> ownThreads) {
    Set<String> members = new HashSet<>();
    for (String client : memberClients) {
      Optional<ProcessNames.Owner> thread = names.ofClient(client);
      if (thread.isEmpty()) {
        return Set.of();
      }
      members.add(thread.get().process());
    }
    if (!members.contains(process)) {
      return Set.of();
    }
    Set<ProcessNames.Owner> own = new HashSet<>();
    for (String name : ownThreads) {
      names.ofClient(name).ifPresent(own::add);
    }
    Set<String> dead = new HashSet<>();
    for (String id : open) {
      names
          .ofTransaction(id)
          .filter(
              thread ->
                  thread.process().equals(process)
                      ? !own.isEmpty() && !own.contains(thread)
                      : !members.contains(thread.process()))
          .ifPresent(thread -> dead.add(id));
    }
    return dead;
  }
}

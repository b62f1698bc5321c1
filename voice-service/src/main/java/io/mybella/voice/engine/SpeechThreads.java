package io.mybella.voice.engine;

import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Queue;
import java.util.SequencedMap;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The few threads that synthesise, and the sentences that wait for them. Accounts take turns
 * (round-robin): however many sentences of others wait, that of an account which has none waiting
 * is said after at most one of each of them. Work that is cancelled while it waits gives up its
 * place at once.
 */
final class SpeechThreads implements AutoCloseable {

  private final int size;
  private final int mostAccounts;
  private final ThreadPoolExecutor threads;

  /** The account whose turn is next comes first; none without a sentence. Guards itself. */
  private final SequencedMap<Long, Queue<Turn<?>>> waiting = new LinkedHashMap<>();

  private int busy;

  /**
   * @param size number of threads
   * @param mostAccounts how many accounts may wait at once
   */
  SpeechThreads(int size, int mostAccounts) {
    this.size = size;
    this.mostAccounts = mostAccounts;
    this.threads =
        new ThreadPoolExecutor(
            size,
            size,
            1,
            TimeUnit.MINUTES,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().name("speech-", 1).daemon().factory());
  }

  /**
   * Has work done when its turn comes.
   *
   * @param begun whether it goes on with a speech that has been heard in part; it is not refused
   * @return to wait for, and to cancel
   * @throws VoiceBusyException when too many accounts wait
   */
  <T> Future<T> submit(long account, boolean begun, Callable<T> work) throws VoiceBusyException {
    Turn<T> turn = new Turn<>(account, work);
    synchronized (waiting) {
      if (busy == size) {
        queue(turn, begun);
        return turn;
      }
      busy++;
    }
    threads.execute(() -> runFrom(turn));
    return turn;
  }

  /** How many sentences wait. */
  int waiting() {
    synchronized (waiting) {
      return waiting.values().stream().mapToInt(Queue::size).sum();
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }

  private void queue(Turn<?> turn, boolean begun) throws VoiceBusyException {
    Queue<Turn<?>> own = waiting.get(turn.account);
    if (own == null) {
      if (!begun && waiting.size() >= mostAccounts) {
        throw new VoiceBusyException("too many accounts wait for the default voice");
      }
      own = new ArrayDeque<>();
      waiting.put(turn.account, own);
    }
    own.add(turn);
  }

  private void runFrom(Turn<?> first) {
    for (Turn<?> turn = first; turn != null && !threads.isShutdown(); turn = next()) {
      turn.run();
      // An interrupt was meant for the turn that was cancelled, and may come as late as this.
      Thread.interrupted();
    }
  }

  private @Nullable Turn<?> next() {
    synchronized (waiting) {
      var account = waiting.pollFirstEntry();
      if (account == null) {
        busy--;
        return null;
      }
      Queue<Turn<?>> own = account.getValue();
      Turn<?> turn = own.remove();
      if (!own.isEmpty()) {
        waiting.putLast(account.getKey(), own);
      }
      return turn;
    }
  }

  private void forget(Turn<?> turn) {
    synchronized (waiting) {
      Queue<Turn<?>> own = waiting.get(turn.account);
      if (own != null && own.remove(turn) && own.isEmpty()) {
        waiting.remove(turn.account);
      }
    }
  }

  private final class Turn<T> extends FutureTask<T> {

    private final long account;

    private Turn(long account, Callable<T> work) {
      super(work);
      this.account = account;
    }

    @Override
    protected void done() {
      if (isCancelled()) {
        forget(this);
      }
    }
  }
}

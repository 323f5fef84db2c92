// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.reliability.kill;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.fedwerk.api.store.Storage;
import org.fedwerk.sim.fault.Life;
import org.fedwerk.sim.fault.RecordType;
import org.fedwerk.sim.kill.Moment;
import org.fedwerk.sim.kill.Point;
import org.fedwerk.sim.kill.PointWatch;
import org.fedwerk.sim.kill.Scenario;
import org.fedwerk.store.postgres.internal.LeaseKeeper;
import org.fedwerk.store.postgres.internal.PostgresSettings;
import org.jspecify.annotations.Nullable;

/**
 * A coordinator on PostgreSQL in a process of its own: it works, link and all, while it holds the
 * lease. It speaks as {@link ActorMain} does, and tells its epoch as a fact.
 */
final class StandbyMain implements LeaseKeeper.Owner {
  static final String EPOCH = "epoch ";

  private final Body.Given given;
  private final String seat;
  private volatile @Nullable CoordinatorBody working;
  private volatile long epoch;

  private StandbyMain(Body.Given given, String seat) {
    this.given = given;
    this.seat = seat;
  }

  /**
   * Runs until it is killed.
   *
   * @param args folder, seat, port of the broker, address of the database, milliseconds of the
   *     lease, and maybe journal, type, nth and moment of the point
   */
  public static void main(String[] args) throws Exception {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    PointWatch watch = new PointWatch(point(args), life -> halt(out));
    Body.Given given =
        new Body.Given(
            Ground.in(Path.of(args[0])),
            "ssl://127.0.0.1:" + args[2],
            watch,
            new Life(),
            (address, payload) -> {});
    StandbyMain main = new StandbyMain(given, args[1]);
    LeaseKeeper keeper =
        new LeaseKeeper(
            new PostgresSettings(
                args[3],
                "postgres",
                "",
                "fedwerk",
                args[1],
                Duration.ofMillis(Long.parseLong(args[4]))),
            main);
    keeper.start();
    out.println("started");
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      main.facts().forEach(out::println);
      out.println(ActorMain.END);
    }
    // Whoever started this process has ended.
    Runtime.getRuntime().halt(0);
  }

  private static @Nullable Point point(String[] args) {
    if (args.length < 9) {
      return null;
    }
    String[] rest = Arrays.copyOfRange(args, 5, 9);
    return new Point(
        Ground.COORDINATOR,
        new RecordType(rest[0], Integer.parseInt(rest[1])),
        Integer.parseInt(rest[2]),
        Moment.valueOf(rest[3]));
  }

  private static void halt(PrintStream out) {
    out.println(ActorMain.REACHED);
    while (true) {
      LockSupport.park();
    }
  }

  private List<String> facts() {
    List<String> facts = new ArrayList<>();
    facts.add(EPOCH + epoch);
    CoordinatorBody body = working;
    if (body != null) {
      facts.addAll(body.facts());
    }
    return facts;
  }

  @Override
  public void gained(Storage storage) {
    epoch = storage.epoch();
    try {
      working =
          new CoordinatorBody(
              given, Scenario.PLAIN, KilledRun.tasks(Scenario.PLAIN), seat, storage, () -> {});
    } catch (Exception broken) {
      throw new IllegalStateException(broken);
    }
  }

  @Override
  public void lost() {
    CoordinatorBody body = working;
    working = null;
    epoch = 0;
    if (body != null) {
      body.close();
    }
  }
}

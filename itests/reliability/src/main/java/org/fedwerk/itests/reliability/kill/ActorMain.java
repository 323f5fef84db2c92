// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.reliability.kill;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.fedwerk.sim.fault.Life;
import org.fedwerk.sim.fault.RecordType;
import org.fedwerk.sim.fault.WalkEngine;
import org.fedwerk.sim.kill.Moment;
import org.fedwerk.sim.kill.Point;
import org.fedwerk.sim.kill.PointWatch;
import org.fedwerk.sim.kill.Scenario;
import org.jspecify.annotations.Nullable;

/**
 * One actor in a process of its own, to be killed. At its point it says {@code reached} and does
 * nothing more, on any thread. Asked for {@code facts} it tells them and a dot.
 */
final class ActorMain {
  static final String REACHED = "reached";
  static final String DUE = "due";
  static final String END = ".";

  private ActorMain() {}

  /**
   * Runs until it is killed.
   *
   * @param args folder, actor, port of the broker, scenario, noise, and maybe journal, type, nth
   *     and moment of the point
   */
  public static void main(String[] args) throws Exception {
    Ground ground = Ground.in(Path.of(args[0]));
    String actor = args[1];
    int port = Integer.parseInt(args[2]);
    Scenario scenario = Scenario.valueOf(args[3]);
    boolean noise = Boolean.parseBoolean(args[4]);
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    PointWatch watch = new PointWatch(point(args), life -> halt(out));
    Body body = body(ground, actor, port, scenario, noise, watch);
    out.println("started");
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      for (String fact : body.facts()) {
        out.println(fact);
      }
      if (watch.isDue()) {
        out.println(DUE);
      }
      out.println(END);
    }
    // Whoever started this process has ended.
    Runtime.getRuntime().halt(0);
  }

  private static @Nullable Point point(String[] args) {
    return args.length < 9
        ? null
        : new Point(
            args[1],
            new RecordType(args[5], Integer.parseInt(args[6])),
            Integer.parseInt(args[7]),
            Moment.valueOf(args[8]));
  }

  private static Body body(
      Ground ground, String actor, int port, Scenario scenario, boolean noise, PointWatch watch)
      throws Exception {
    if (actor.equals(Ground.BROKER)) {
      return new BrokerBody(ground, port);
    }
    Body.Given given =
        new Body.Given(
            ground, "ssl://127.0.0.1:" + port, watch, new Life(), (address, payload) -> {});
    if (actor.equals(Ground.COORDINATOR)) {
      return new CoordinatorBody(given, scenario, KilledRun.tasks(scenario));
    }
    SecureRandom random = new SecureRandom();
    WalkEngine engine = new WalkEngine(noise ? random::nextLong : () -> 0);
    return new SiteBody(given, actor, link -> engine, scenario == Scenario.PREDICT);
  }

  private static void halt(PrintStream out) {
    out.println(REACHED);
    while (true) {
      LockSupport.park();
    }
  }

  /** The arguments of a point. */
  static List<String> arguments(Point point) {
    return List.of(
        point.type().journal(),
        Integer.toString(point.type().type()),
        Integer.toString(point.nth()),
        point.moment().name());
  }
}

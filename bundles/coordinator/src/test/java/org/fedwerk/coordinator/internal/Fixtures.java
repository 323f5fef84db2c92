// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.coordinator.internal;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.fedwerk.api.Digest;
import org.fedwerk.api.Refusal;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.aggregate.Aggregator;
import org.fedwerk.api.data.LabelSpec;
import org.fedwerk.api.data.Schema;
import org.fedwerk.api.data.SignalSpec;
import org.fedwerk.api.data.WindowSpec;
import org.fedwerk.api.identity.Identity;
import org.fedwerk.api.learn.Architectures;
import org.fedwerk.api.learn.Layer;
import org.fedwerk.api.learn.Layout;
import org.fedwerk.api.learn.LayoutEntry;
import org.fedwerk.api.learn.Network;
import org.fedwerk.api.learn.ParameterRole;
import org.fedwerk.api.learn.TrainingSpec;
import org.fedwerk.api.message.Party;
import org.fedwerk.api.task.CohortSpec;
import org.fedwerk.api.task.CompressionSpec;
import org.fedwerk.api.task.ContributionSpec;
import org.fedwerk.api.task.Costs;
import org.fedwerk.api.task.LateSpec;
import org.fedwerk.api.task.LocalSpec;
import org.fedwerk.api.task.ModelSpec;
import org.fedwerk.api.task.PromotionSpec;
import org.fedwerk.api.task.RolloutSpec;
import org.fedwerk.api.task.RoundsSpec;
import org.fedwerk.api.task.StrategySpec;
import org.fedwerk.api.task.Task;
import org.fedwerk.api.task.TaskDocument;
import org.fedwerk.api.task.TaskReader;
import org.fedwerk.api.task.ThresholdSpec;
import org.jspecify.annotations.Nullable;

/** A task of ten parameters in ranges of four, and the small things around it. */
final class Fixtures {
  static final String FEDERATION = "demo";
  static final Party COORDINATOR = new Party(Party.Role.COORDINATOR, "centre");
  static final int SIZE = 10;
  static final int RANGE = 4;

  private Fixtures() {}

  /**
   * A document is {@code name rounds cohortLeast}, maybe with a fraction of the ready sites, or
   * with {@code rule least} or {@code person 0}, and then maybe {@code staged}: one canary, and
   * all. One named {@code shares} finds all that there is of what sites add, {@code crowd} Shapley
   * values of many orders.
   */
  static final TaskReader READER =
      yaml -> {
        String[] words = yaml.split(" ");
        if (words.length < 3 || words.length > 6) {
          throw new RefusedException(List.of(new Refusal("rounds", 3, "is missing")));
        }
        Task task =
            new Task(
                words[0],
                "quality department",
                "tests",
                new Schema(
                    "press",
                    1,
                    List.of(new SignalSpec("force", "kN", 0, 10, Duration.ofSeconds(1))),
                    new WindowSpec(4, Duration.ofSeconds(1), Duration.ofSeconds(1)),
                    new LabelSpec("ok", List.of("good", "bad"), Duration.ofHours(1))),
                new ModelSpec(
                    "mlp",
                    List.of(),
                    ModelSpec.KERNEL,
                    words[0].equals("tight")
                        ? new ModelSpec.Budget(9, 40, 5)
                        : ModelSpec.Budget.NONE),
                new TrainingSpec("sgd", 0.1, 0, 8, 1, false),
                words[0].equals("shared") ? Task.FEDERATED : Task.SITE,
                StrategySpec.FEDAVG,
                new RoundsSpec(
                    Integer.parseInt(words[1]),
                    5,
                    1,
                    "accuracy",
                    Integer.parseInt(words[2]),
                    500,
                    0,
                    Duration.ofSeconds(30),
                    null,
                    words.length != 4
                        ? CohortSpec.ALL
                        : new CohortSpec(
                            CohortSpec.Choice.RANDOM, Double.parseDouble(words[3]), 0, 0),
                    LateSpec.DROP,
                    0),
                "none",
                1,
                Duration.ofDays(1),
                7,
                promotion(words),
                LocalSpec.NONE,
                CompressionSpec.NONE,
                null,
                null,
                null,
                contribution(words[0]));
        return new TaskDocument(task, yaml);
      };

  /** A task that learns another label than those of {@link #READER}. */
  static Task task(LabelSpec label, @Nullable Costs costs, @Nullable ThresholdSpec threshold)
      throws RefusedException {
    Task plain = READER.read("press 3 2").task();
    Schema schema = plain.schema();
    return new Task(
        plain.name(),
        plain.owner(),
        plain.purpose(),
        new Schema(schema.name(), 1, schema.signals(), schema.window(), label),
        plain.model(),
        plain.training(),
        plain.normalisation(),
        plain.strategy(),
        plain.rounds(),
        plain.privacy(),
        plain.leastCount(),
        plain.retention(),
        plain.seed(),
        plain.promotion(),
        plain.local(),
        plain.compression(),
        costs,
        threshold,
        null,
        null);
  }

  private static @Nullable ContributionSpec contribution(String name) {
    return switch (name) {
      case "shares" -> new ContributionSpec(EnumSet.allOf(ContributionSpec.Kind.class), 2);
      case "crowd" -> new ContributionSpec(Set.of(ContributionSpec.Kind.SHAPLEY), 100);
      default -> null;
    };
  }

  private static PromotionSpec promotion(String[] words) {
    if (words.length < 5) {
      return PromotionSpec.TASK;
    }
    RolloutSpec staged =
        new RolloutSpec(
            List.of(),
            1,
            List.of(),
            new RolloutSpec.Gate(
                20, Duration.ZERO, 0.5, Double.POSITIVE_INFINITY, null, Double.POSITIVE_INFINITY));
    return new PromotionSpec(
        words[3].equals("rule") ? PromotionSpec.By.RULE : PromotionSpec.By.PERSON,
        "accuracy",
        Double.parseDouble(words[4]),
        words.length == 6 ? staged : RolloutSpec.EVERYWHERE_AT_ONCE);
  }

  static final Architectures ARCHITECTURES =
      new Architectures() {
        @Override
        public Network network(ModelSpec model, Schema schema) {
          LayoutEntry weight =
              new LayoutEntry("dense1.weight", new int[] {2, 4}, 0, ParameterRole.SHARED);
          LayoutEntry bias = new LayoutEntry("dense1.bias", new int[] {2}, 8, ParameterRole.SHARED);
          return new Network(
              List.of(new Layer.Dense("dense1", 4, 2)),
              new Layout(List.of(weight, bias)),
              new int[] {1, 4},
              2);
        }

        @Override
        public float[] initial(Network network, long seed) {
          float[] vector = new float[network.layout().size()];
          for (int i = 0; i < 8; i++) {
            vector[i] = seed + i;
          }
          return vector;
        }
      };

  static final Aggregator FEDAVG =
      new Aggregator() {
        @Override
        public String name() {
          return "fedavg";
        }

        @Override
        public double[] aggregate(List<float[]> updates, double[] weights) {
          double[] mean = new double[updates.get(0).length];
          double sum = 0;
          for (double weight : weights) {
            sum += weight;
          }
          for (int k = 0; k < weights.length; k++) {
            for (int i = 0; i < mean.length; i++) {
              mean[i] += weights[k] / sum * updates.get(k)[i];
            }
          }
          return mean;
        }
      };

  static final Identity IDENTITY =
      new Identity() {
        @Override
        public String federation() {
          return FEDERATION;
        }

        @Override
        public Party self() {
          return COORDINATOR;
        }

        @Override
        public String brokerHost() {
          return "127.0.0.1";
        }

        @Override
        public int brokerPort() {
          return 0;
        }

        @Override
        public String keyId() {
          return Digest.of(new byte[0]).hex();
        }

        @Override
        public byte[] sign(byte[] bytes) {
          throw new UnsupportedOperationException("messages of tests are not signed");
        }

        @Override
        public Party verify(String keyId, byte[] bytes, byte[] signature) {
          throw new UnsupportedOperationException("messages of tests are not signed");
        }

        @Override
        public TlsStores tls() {
          throw new UnsupportedOperationException("tests use no TLS");
        }

        @Override
        public List<Peer> roster() {
          return List.of(new Peer(new Party(Party.Role.SITE, "north"), "aa", false));
        }
      };
}

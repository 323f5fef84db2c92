// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.sim.baseline;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.data.DataRole;
import org.fedwerk.api.learn.Engine;
import org.fedwerk.api.learn.Evaluation;
import org.fedwerk.api.learn.LabelledInputs;
import org.fedwerk.api.task.Task;
import org.fedwerk.learn.internal.NamedArchitectures;
import org.fedwerk.learn.internal.WindowPreparation;
import org.fedwerk.sim.baseline.Trainer.Prepared;

/**
 * Tries of the ways to learn, all tuned alike: each configuration is judged by validation examples
 * with one seed, and test examples are not looked at before one of them is chosen.
 */
public final class Trials {
  private static final String POOLED = "pooled";

  private final Engine engine;
  private final List<SiteExamples> sites;
  private final Score score;

  /** Over these sites' examples, judged by this score. */
  public Trials(Engine engine, List<SiteExamples> sites, Score score) {
    this.engine = engine;
    this.sites = List.copyOf(sites);
    this.score = score;
  }

  /** What a configuration, from 0, is worth on validation examples. */
  public interface Trial {
    /** NaN if nothing can be said. */
    double validation(int configuration) throws IOException, RefusedException, InterruptedException;
  }

  /** Hears of each try, on the thread that makes it. */
  public interface Listener {
    /** A configuration, from 1, was worth so much. */
    void tried(String column, int configuration, double validation);
  }

  /** The configuration that validation likes best, from 0, and what it is worth there. */
  public record Choice(int configuration, double validation) {}

  /** Tries all configurations; the earlier one of equals is taken. */
  public Choice choose(String column, int configurations, Trial trial, Listener listener)
      throws IOException, RefusedException, InterruptedException {
    Choice best = new Choice(0, Double.NaN);
    for (int i = 0; i < configurations; i++) {
      double value = trial.validation(i);
      listener.tried(column, i + 1, value);
      if (score.isBetter(value, best.validation())) {
        best = new Choice(i, value);
      }
    }
    return best;
  }

  /** Each site's own model. */
  public Local local(Task task) throws RefusedException {
    Trainer trainer = trainer(task);
    List<Prepared> all = prepared(trainer);
    List<float[]> models =
        all.stream().map(site -> trainer.train(site.site(), site.train(), List.of(site))).toList();
    return new Local(trainer, all, models);
  }

  /** One model of all sites' training examples. */
  public Pooled pooled(Task task) throws RefusedException {
    Trainer trainer = trainer(task);
    List<Prepared> all = prepared(trainer);
    LabelledInputs together = Trainer.concat(all.stream().map(Prepared::train).toList());
    return new Pooled(trainer, all, trainer.train(POOLED, together, all));
  }

  /** For a task's model, with the rooms that a site uses. */
  public Trainer trainer(Task task) throws RefusedException {
    return new Trainer(new NamedArchitectures(), new WindowPreparation(), engine, task);
  }

  /** The sites' inputs. */
  public List<Prepared> prepared(Trainer trainer) {
    return trainer.prepare(sites);
  }

  /** Models of sites, in the order of the sites. */
  public record Local(Trainer trainer, List<Prepared> sites, List<float[]> models) {
    /** What each model is worth at its own site. */
    public List<Evaluation> home(DataRole role) {
      List<Evaluation> home = new ArrayList<>();
      for (int of = 0; of < sites.size(); of++) {
        home.add(trainer.evaluate(models.get(of), sites.get(of).of(role)));
      }
      return home;
    }

    /** What each model is worth everywhere [model's site x evaluated site]. */
    public Evaluation[][] everywhere(DataRole role) {
      Evaluation[][] all = new Evaluation[sites.size()][sites.size()];
      for (int of = 0; of < all.length; of++) {
        for (int at = 0; at < all.length; at++) {
          all[of][at] = trainer.evaluate(models.get(of), sites.get(at).of(role));
        }
      }
      return all;
    }

    /** Of a matrix what models are worth at other sites than their own. */
    public static List<Evaluation> abroad(Evaluation[][] everywhere) {
      List<Evaluation> abroad = new ArrayList<>();
      for (int of = 0; of < everywhere.length; of++) {
        for (int at = 0; at < everywhere.length; at++) {
          if (of != at) {
            abroad.add(everywhere[of][at]);
          }
        }
      }
      return abroad;
    }

    /** Of a matrix what models are worth at their own sites. */
    public static List<Evaluation> home(Evaluation[][] everywhere) {
      List<Evaluation> home = new ArrayList<>();
      for (int of = 0; of < everywhere.length; of++) {
        home.add(everywhere[of][of]);
      }
      return home;
    }

    /** What each predicts for its own site's test parts, in the label's unit. */
    public List<double[]> values() {
      List<double[]> values = new ArrayList<>();
      for (int of = 0; of < sites.size(); of++) {
        values.add(trainer.values(models.get(of), sites.get(of).test()));
      }
      return values;
    }
  }

  /** One model, judged at each site. */
  public record Pooled(Trainer trainer, List<Prepared> sites, float[] model) {
    /** What it is worth at each site. */
    public List<Evaluation> evaluate(DataRole role) {
      return sites.stream().map(site -> trainer.evaluate(model, site.of(role))).toList();
    }

    /** What it predicts for each site's test parts, in the label's unit. */
    public List<double[]> values() {
      return sites.stream().map(site -> trainer.values(model, site.test())).toList();
    }
  }
}

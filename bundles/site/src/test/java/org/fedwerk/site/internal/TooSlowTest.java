// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import static org.fedwerk.site.internal.Bench.at;
import static org.fedwerk.site.internal.Bench.await;
import static org.fedwerk.site.internal.Bench.plan;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.fedwerk.api.Digest;
import org.fedwerk.api.message.Body;
import org.fedwerk.api.message.Kind;
import org.fedwerk.api.message.ModelReference;
import org.fedwerk.api.message.Position;
import org.fedwerk.api.predict.LearningState;
import org.fedwerk.api.status.StatusLine;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A site where predictions take longer than a task allows. */
class TooSlowTest {
  private static final String WORDS = "a prediction takes ";
  private static final String ALLOWED =
      " ms here, model.budget.milliseconds-per-prediction allows 0.5";

  @TempDir Path folder;
  private Bench bench;

  private Digest offered(String groups) {
    String yaml =
        Tasks.PRESS.replace(
                "hidden: [3]}", "hidden: [3], budget: {milliseconds-per-prediction: 0.5}}")
            + groups;
    bench = new Bench(folder.resolve("site"));
    bench.engine.takes = Duration.ofMillis(2);
    bench.start().connect();
    bench.offer(yaml);
    await(() -> !bench.site.tasks().isEmpty());
    return Tasks.digest(yaml);
  }

  @AfterEach
  void shut() {
    bench.close();
  }

  private String reason() {
    return bench.view("press").reason();
  }

  /** What was said until now is done. */
  private void heard() {
    bench.offer(Tasks.yaml("other", 2));
    await(() -> bench.site.tasks().size() == 2);
  }

  private long fetches() {
    return bench.link.sent.stream().filter(sent -> sent.address().kind() == Kind.FETCH).count();
  }

  @Test
  void theModelOfATaskThatHasEndedIsNotDeployedAndTheStatusNamesWhatWasMeasured() throws Exception {
    Digest task = offered("");
    bench.site.approve("press", "tester");
    ModelReference model = bench.model(task, 3, 0.5f);
    bench.send(task, at(4, 2), plan("finished", model, true));
    bench.serve();
    await(() -> reason().startsWith("model version 3 is not deployed: model.budget: " + WORDS));
    assertTrue(reason().contains(ALLOWED), reason());
    assertEquals(reason().indexOf(WORDS), reason().lastIndexOf(WORDS), "it is said once");
    assertEquals(LearningState.FAILED, bench.view("press").learning());
    assertEquals(Optional.empty(), bench.view("press").deployed());
    String line =
        bench.site.status().stream()
            .filter(each -> each.subject().equals("task press"))
            .map(StatusLine::detail)
            .findFirst()
            .orElseThrow();
    assertTrue(line.contains(WORDS), line);

    bench.send(task, at(5, 2), plan("finished", bench.model(task, 4, 0.7f), true));
    heard();
    assertEquals(0, fetches(), "what is not deployed is not fetched");
    assertEquals(Optional.empty(), bench.view("press").deployed());
  }

  @Test
  void aModelThatIsAssignedIsNotDeployedEither() throws Exception {
    Digest task = offered("promotion: {by: person}\n");
    bench.site.approve("press", "tester");
    bench.send(
        task, Position.NONE, new Body.Assignment(5, Optional.of(bench.model(task, 1, 0.5f))));
    bench.serve();
    await(() -> reason().contains(ALLOWED));
    assertEquals(Optional.empty(), bench.view("press").deployed());
  }

  @Test
  void withinTheBudgetItIsDeployed() throws Exception {
    Digest task = offered("");
    bench.engine.takes = Duration.ZERO;
    bench.site.approve("press", "tester");
    ModelReference model = bench.model(task, 3, 0.5f);
    bench.send(task, at(4, 2), plan("finished", model, true));
    bench.serve();
    await(() -> bench.view("press").deployed().isPresent());
    assertEquals(Optional.of(model.digest()), bench.view("press").deployed());
    await(() -> reason().isEmpty());
  }
}

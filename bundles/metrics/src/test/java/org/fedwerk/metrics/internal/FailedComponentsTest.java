// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.metrics.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.AccessDeniedException;
import java.util.Optional;
import org.fedwerk.api.status.StatusLine;
import org.junit.jupiter.api.Test;
import org.osgi.framework.dto.BundleDTO;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;

class FailedComponentsTest {
  @Test
  void aRoomThatCouldNotStartIsDownWithWhatItsExceptionSays() {
    String failure =
        trace(
            new IllegalStateException(
                "site: journals cannot be read",
                new UncheckedIOException("reading x", new AccessDeniedException("x.seg: denied"))));
    assertEquals(
        Optional.of(
            new StatusLine(
                "signal-mqtt",
                StatusLine.State.DOWN,
                "could not start: site: journals cannot be read")),
        line("org.fedwerk.signal.mqtt", ComponentConfigurationDTO.FAILED_ACTIVATION, failure));
    assertEquals(
        Optional.empty(),
        line("org.example.other", ComponentConfigurationDTO.FAILED_ACTIVATION, failure));
    assertEquals(
        Optional.empty(),
        line(
            "org.fedwerk.site",
            ComponentConfigurationDTO.FAILED_ACTIVATION,
            trace(new IllegalStateException("Unable to get service for reference site"))));
    assertEquals(
        Optional.empty(), line("org.fedwerk.window", ComponentConfigurationDTO.ACTIVE, null));
  }

  @Test
  void aReasonWithoutACauseOrAMessageIsToldAsItIs() {
    assertEquals("no room", FailedComponents.reason(trace(new IllegalStateException("no room"))));
    assertEquals(
        "java.lang.IllegalStateException",
        FailedComponents.reason(trace(new IllegalStateException())));
    assertEquals("unknown", FailedComponents.reason(""));
  }

  private static String trace(Exception cause) {
    StringWriter text = new StringWriter();
    new InvocationTargetException(cause).printStackTrace(new PrintWriter(text, true));
    return text.toString();
  }

  private static Optional<StatusLine> line(String bundle, int state, String failure) {
    ComponentDescriptionDTO component = new ComponentDescriptionDTO();
    component.bundle = new BundleDTO();
    component.bundle.symbolicName = bundle;
    ComponentConfigurationDTO configuration = new ComponentConfigurationDTO();
    configuration.state = state;
    configuration.failure = failure;
    return FailedComponents.line(component, configuration);
  }
}

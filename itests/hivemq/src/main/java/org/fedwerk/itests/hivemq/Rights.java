// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.hivemq;

import com.hivemq.extension.sdk.api.ExtensionMain;
import com.hivemq.extension.sdk.api.auth.SimpleAuthenticator;
import com.hivemq.extension.sdk.api.auth.parameter.SimpleAuthInput;
import com.hivemq.extension.sdk.api.auth.parameter.SimpleAuthOutput;
import com.hivemq.extension.sdk.api.auth.parameter.TopicPermission;
import com.hivemq.extension.sdk.api.client.parameter.ClientTlsInformation;
import com.hivemq.extension.sdk.api.packets.auth.DefaultAuthorizationBehaviour;
import com.hivemq.extension.sdk.api.packets.auth.ModifiableDefaultPermissions;
import com.hivemq.extension.sdk.api.parameter.ExtensionStartInput;
import com.hivemq.extension.sdk.api.parameter.ExtensionStartOutput;
import com.hivemq.extension.sdk.api.parameter.ExtensionStopInput;
import com.hivemq.extension.sdk.api.parameter.ExtensionStopOutput;
import com.hivemq.extension.sdk.api.services.Services;
import com.hivemq.extension.sdk.api.services.builder.Builders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Topic rights by certificate: the common name is the user, the rights are those of the
 * federation's ACL file. A client id is bound to the name.
 */
final class Rights implements ExtensionMain {
  private static final Pattern COMMON_NAME = Pattern.compile("CN=([^,]+)");

  private final Path acl;

  private record Right(String filter, boolean isWrite) {}

  Rights(Path acl) {
    this.acl = acl;
  }

  @Override
  public void extensionStart(ExtensionStartInput input, ExtensionStartOutput output) {
    SimpleAuthenticator authenticator = this::connect;
    Services.securityRegistry().setAuthenticatorProvider(each -> authenticator);
  }

  @Override
  public void extensionStop(ExtensionStopInput input, ExtensionStopOutput output) {}

  private void connect(SimpleAuthInput input, SimpleAuthOutput output) {
    String user =
        input
            .getConnectionInformation()
            .getTlsInformation()
            .filter(ClientTlsInformation.class::isInstance)
            .map(ClientTlsInformation.class::cast)
            .flatMap(ClientTlsInformation::getClientCertificate)
            .map(
                certificate -> COMMON_NAME.matcher(certificate.getSubjectX500Principal().getName()))
            .filter(Matcher::find)
            .map(matcher -> matcher.group(1))
            .orElse("");
    List<Right> rights = Optional.ofNullable(read().get(user)).orElse(List.of());
    String id = user.substring(user.indexOf(' ') + 1);
    String client = input.getClientInformation().getClientId();
    if (rights.isEmpty() || !(client.equals(id) || client.startsWith(id + "."))) {
      output.failAuthentication();
      return;
    }
    ModifiableDefaultPermissions permissions = output.getDefaultPermissions();
    permissions.setDefaultBehaviour(DefaultAuthorizationBehaviour.DENY);
    for (Right right : rights) {
      permissions.add(
          Builders.topicPermission()
              .topicFilter(right.filter())
              .activity(
                  right.isWrite()
                      ? TopicPermission.MqttActivity.PUBLISH
                      : TopicPermission.MqttActivity.SUBSCRIBE)
              .build());
    }
    output.authenticateSuccessfully();
  }

  private Map<String, List<Right>> read() {
    Map<String, List<Right>> all = new HashMap<>();
    List<Right> current = new ArrayList<>();
    try {
      for (String line : Files.readAllLines(acl)) {
        if (line.startsWith("user ")) {
          current = new ArrayList<>();
          all.put(line.substring("user ".length()), current);
        } else if (line.startsWith("topic read ")) {
          current.add(new Right(line.substring("topic read ".length()), false));
        } else if (line.startsWith("topic write ")) {
          current.add(new Right(line.substring("topic write ".length()), true));
        }
      }
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
    return all;
  }
}

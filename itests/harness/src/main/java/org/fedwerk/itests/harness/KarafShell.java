// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.harness;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumSet;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.channel.ClientChannel;
import org.apache.sshd.client.channel.ClientChannelEvent;
import org.apache.sshd.client.session.ClientSession;

/**
 * Runs shell commands in a Karaf process over ssh on loopback; one session per command, as Karaf
 * closes it after one.
 */
public final class KarafShell implements AutoCloseable {
  private final SshClient client = SshClient.setUpDefaultClient();
  private final int port;
  private final String user;
  private final String password;

  KarafShell(int port, String user, String password) {
    this.port = port;
    this.user = user;
    this.password = password;
    // The host key is made at the first start of an instance that this process itself started.
    client.setServerKeyVerifier((session, address, key) -> true);
    client.start();
  }

  /**
   * What a command printed.
   *
   * @param exit exit status; 0 if it went well
   * @param text standard and error output without colours
   */
  public record Output(int exit, String text) {}

  /**
   * Runs one command.
   *
   * @throws IOException if the process cannot be reached or does not answer in time
   */
  public Output run(String command, Duration limit) throws IOException {
    try (ClientSession session =
        client.connect(user, "127.0.0.1", port).verify(Duration.ofSeconds(10)).getSession()) {
      session.addPasswordIdentity(password);
      session.auth().verify(Duration.ofSeconds(10));
      try (ClientChannel channel = session.createExecChannel(command)) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        channel.setOut(out);
        channel.setErr(out);
        channel.open().verify(Duration.ofSeconds(10));
        var events = channel.waitFor(EnumSet.of(ClientChannelEvent.CLOSED), limit);
        if (events.contains(ClientChannelEvent.TIMEOUT)) {
          throw new IOException("\"" + command + "\" did not end within " + limit);
        }
        Integer exit = channel.getExitStatus();
        String text = out.toString(StandardCharsets.UTF_8).replaceAll("\u001b\\[[0-9;]*m", "");
        return new Output(exit == null ? 0 : exit, text.strip());
      }
    }
  }

  @Override
  public void close() {
    client.stop();
  }
}

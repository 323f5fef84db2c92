// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.signal.mqtt.internal;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import javax.net.SocketFactory;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * All sockets of one connection, without Nagle's algorithm, which the client library leaves on and
 * which costs an acknowledgement 40 ms. Closing the gate ends the connection even where the library
 * is still about to make it: a forgotten client that came up later would take over the session.
 * Thread-safe.
 */
final class SocketGate implements AutoCloseable {
  private @Nullable Socket open;
  private boolean isClosed;

  /** Plain or TLS sockets that pass this gate; the library tells them apart by their type. */
  SocketFactory factory(SocketFactory sockets) {
    return sockets instanceof SSLSocketFactory tls ? new Tls(tls) : new Plain(sockets);
  }

  private Socket admit(Socket socket) throws IOException {
    socket.setTcpNoDelay(true);
    synchronized (this) {
      if (!isClosed) {
        open = socket;
        return socket;
      }
    }
    socket.close();
    throw new SocketException("this connection was given up");
  }

  @Override
  public void close() {
    Socket last;
    synchronized (this) {
      isClosed = true;
      last = open;
    }
    if (last != null) {
      try {
        last.close();
      } catch (IOException gone) {
        // It is given up either way.
      }
    }
  }

  private final class Plain extends SocketFactory {
    private final SocketFactory sockets;

    Plain(SocketFactory sockets) {
      this.sockets = sockets;
    }

    @Override
    public Socket createSocket() throws IOException {
      return admit(sockets.createSocket());
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
      return admit(sockets.createSocket(host, port));
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress local, int localPort)
        throws IOException {
      return admit(sockets.createSocket(host, port, local, localPort));
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
      return admit(sockets.createSocket(host, port));
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort)
        throws IOException {
      return admit(sockets.createSocket(host, port, local, localPort));
    }
  }

  private final class Tls extends SSLSocketFactory {
    private final SSLSocketFactory sockets;
    private final Plain passing;

    Tls(SSLSocketFactory sockets) {
      this.sockets = sockets;
      this.passing = new Plain(sockets);
    }

    @Override
    public Socket createSocket() throws IOException {
      return passing.createSocket();
    }

    @Override
    public Socket createSocket(Socket socket, String host, int port, boolean autoClose)
        throws IOException {
      return admit(sockets.createSocket(socket, host, port, autoClose));
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
      return passing.createSocket(host, port);
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress local, int localPort)
        throws IOException {
      return passing.createSocket(host, port, local, localPort);
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
      return passing.createSocket(host, port);
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort)
        throws IOException {
      return passing.createSocket(host, port, local, localPort);
    }

    @Override
    public String[] getDefaultCipherSuites() {
      return sockets.getDefaultCipherSuites();
    }

    @Override
    public String[] getSupportedCipherSuites() {
      return sockets.getSupportedCipherSuites();
    }
  }
}

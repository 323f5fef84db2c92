// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.signal.mqtt.internal;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.SocketFactory;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.eclipse.paho.mqttv5.client.internal.NetworkModule;

/**
 * The network of one connection, plain or TLS, in the place of Paho's. Any thread may end it at any
 * moment and does not wait: a TLS socket that is closed politely waits for a writer that a silent
 * network holds up. And it keeps an early end to itself until Paho's threads run, for Paho waits
 * for them to run, and would wait for ever for one that has run already.
 */
final class Line implements NetworkModule {
  private static final int CONNECT_MILLIS = 10_000;

  /** How often Paho's receiver looks up from reading. */
  private static final int READ_MILLIS = 1000;

  private static final long BEGIN_SECONDS = 5;

  private final String url;
  private final String host;
  private final int port;
  private final SocketFactory sockets;
  private final Socket raw = new Socket();

  /** Down once Paho's threads run, or never will. */
  private final CountDownLatch begun = new CountDownLatch(1);

  private InputStream in = InputStream.nullInputStream();
  private OutputStream out = OutputStream.nullOutputStream();

  /**
   * Not connected yet.
   *
   * @param url {@code tcp://host:port} or {@code ssl://host:port}
   * @param sockets of TLS for the latter
   */
  Line(String url, SocketFactory sockets) {
    URI broker = URI.create(url);
    this.url = url;
    this.host = broker.getHost();
    this.port = broker.getPort();
    this.sockets = sockets;
  }

  @Override
  public void start() throws IOException {
    boolean done = false;
    try {
      raw.setTcpNoDelay(true);
      raw.connect(new InetSocketAddress(host, port), CONNECT_MILLIS);
      raw.setSoTimeout(CONNECT_MILLIS);
      Socket socket = sockets instanceof SSLSocketFactory tls ? secure(tls) : raw;
      raw.setSoTimeout(READ_MILLIS);
      in = new Heard(socket.getInputStream());
      out = new Said(socket.getOutputStream());
      done = true;
    } finally {
      if (!done) {
        begun.countDown();
        raw.close();
      }
    }
  }

  private Socket secure(SSLSocketFactory tls) throws IOException {
    SSLSocket socket = (SSLSocket) tls.createSocket(raw, host, port, true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    return socket;
  }

  @Override
  public InputStream getInputStream() {
    return in;
  }

  @Override
  public OutputStream getOutputStream() {
    return out;
  }

  @Override
  public void stop() throws IOException {
    raw.close();
  }

  /** Waits until Paho has begun to use it, or has heard that it cannot; a few seconds at most. */
  void awaitBegin() {
    try {
      // Nothing but a thread of Paho's is lost if it should never come to that point.
      var unused = begun.await(BEGIN_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public String getServerURI() {
    return url;
  }

  private final class Heard extends FilterInputStream {
    Heard(InputStream in) {
      super(in);
    }

    @Override
    public int available() throws IOException {
      try {
        return super.available();
      } catch (IOException ended) {
        awaitBegin();
        throw ended;
      }
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      int n = read(one, 0, 1);
      return n < 0 ? n : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      try {
        int n = super.read(bytes, offset, length);
        if (n < 0) {
          throw new EOFException();
        }
        return n;
      } catch (SocketTimeoutException nothing) {
        throw nothing;
      } catch (IOException ended) {
        awaitBegin();
        throw ended;
      }
    }
  }

  /** Paho writes when all its threads run. */
  private final class Said extends FilterOutputStream {
    Said(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      begun.countDown();
      out.write(bytes, offset, length);
    }

    @Override
    public void write(int one) throws IOException {
      begun.countDown();
      out.write(one);
    }
  }
}

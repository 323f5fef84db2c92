// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.link.internal;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import org.eclipse.paho.mqttv5.client.internal.NetworkModule;

/**
 * The network under one connection to a broker, in the place of Paho's, from which it differs in
 * two things. Its end never waits: closing a TLS socket politely waits for a writer that is stuck,
 * and in a network that failed silently one is stuck for a quarter of an hour. And a connection
 * that ends at once is told only when Paho has begun to listen: it waits for its own threads to
 * run, and would wait for ever for one that has run already.
 */
final class TlsLine implements NetworkModule {
  private static final int CONNECT_MILLIS = 10_000;

  /** How often Paho's receiver looks up from reading. */
  private static final int READ_MILLIS = 1000;

  private static final long BEGIN_SECONDS = 5;

  private static final int PUBLISH = 3;
  private static final int PUBACK = 4;
  private static final int QUALITY = 0x06;

  private final TlsSockets sockets;
  private final String host;
  private final int port;

  private final Socket raw;

  /** Down once Paho's threads run, or never will. */
  private final CountDownLatch begun = new CountDownLatch(1);

  private final PacketCounter published = new PacketCounter(TlsLine::isPublishToAnswer);
  private final PacketCounter answered = new PacketCounter(first -> first >> 4 == PUBACK);

  private InputStream in = InputStream.nullInputStream();
  private OutputStream out = OutputStream.nullOutputStream();

  /**
   * Not connected yet.
   *
   * @param raw a socket that is not connected; its end is this line's
   */
  TlsLine(TlsSockets sockets, Socket raw, String host, int port) {
    this.sockets = sockets;
    this.raw = raw;
    this.host = host;
    this.port = port;
  }

  @Override
  public void start() throws IOException {
    boolean done = false;
    try {
      // Nagle's algorithm costs a small message 40 ms.
      raw.setTcpNoDelay(true);
      raw.connect(new InetSocketAddress(host, port), CONNECT_MILLIS);
      raw.setSoTimeout(CONNECT_MILLIS);
      SSLSocket tls = sockets.over(raw, host, port);
      tls.startHandshake();
      raw.setSoTimeout(READ_MILLIS);
      in = new Heard(tls.getInputStream());
      out = new Said(tls.getOutputStream());
      done = true;
    } finally {
      if (!done) {
        begun.countDown();
        raw.close();
      }
    }
  }

  @Override
  public InputStream getInputStream() {
    return in;
  }

  @Override
  public OutputStream getOutputStream() {
    return out;
  }

  /** Ends the connection under whatever is done with it, and does not wait. */
  @Override
  public void stop() throws IOException {
    raw.close();
  }

  /** Ends the connection while it is being made, and waits until Paho has noticed. */
  void giveUp() throws IOException, InterruptedException {
    raw.close();
    awaitBegin();
  }

  private void awaitBegin() throws InterruptedException {
    // Bounded, for nothing is lost but a thread if Paho should never come to that point.
    var unused = begun.await(BEGIN_SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public String getServerURI() {
    return "ssl://" + host + ":" + port;
  }

  private static boolean isPublishToAnswer(int first) {
    return first >> 4 == PUBLISH && (first & QUALITY) != 0;
  }

  /** Messages that came and that Paho has not acknowledged. */
  int unacknowledged() {
    return (int) Math.max(0, published.count() - answered.count());
  }

  /** Keeps the end of the connection to itself until Paho's threads run. */
  private final class Heard extends FilterInputStream {
    Heard(InputStream in) {
      super(in);
    }

    @Override
    public int available() throws IOException {
      try {
        return super.available();
      } catch (IOException ended) {
        throw afterBegin(ended);
      }
    }

    @Override
    public int read() throws IOException {
      try {
        int one = afterBegin(super.read());
        published.passed(one);
        return one;
      } catch (SocketTimeoutException nothing) {
        throw nothing;
      } catch (IOException ended) {
        throw afterBegin(ended);
      }
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      try {
        int read = afterBegin(super.read(bytes, offset, length));
        published.passed(bytes, offset, read);
        return read;
      } catch (SocketTimeoutException nothing) {
        throw nothing;
      } catch (IOException ended) {
        throw afterBegin(ended);
      }
    }

    private int afterBegin(int read) throws IOException {
      if (read < 0) {
        throw afterBegin(new EOFException());
      }
      return read;
    }

    private IOException afterBegin(IOException ended) {
      try {
        awaitBegin();
      } catch (InterruptedException stopping) {
        Thread.currentThread().interrupt();
      }
      return ended;
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
      answered.passed(bytes, offset, length);
      out.write(bytes, offset, length);
    }

    @Override
    public void write(int one) throws IOException {
      begun.countDown();
      answered.passed(one & 0xff);
      out.write(one);
    }
  }
}

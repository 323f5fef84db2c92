// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.broker.internal;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import javax.net.ssl.SSLException;
import org.apache.activemq.artemis.core.remoting.impl.netty.NettyAcceptor;
import org.apache.activemq.artemis.core.server.cluster.ClusterConnection;
import org.apache.activemq.artemis.core.server.metrics.MetricsManager;
import org.apache.activemq.artemis.spi.core.protocol.ProtocolManager;
import org.apache.activemq.artemis.spi.core.remoting.Acceptor;
import org.apache.activemq.artemis.spi.core.remoting.AcceptorFactory;
import org.apache.activemq.artemis.spi.core.remoting.BufferHandler;
import org.apache.activemq.artemis.spi.core.remoting.ServerConnectionLifeCycleListener;
import org.apache.activemq.artemis.utils.actors.OrderedExecutor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The broker's acceptor, with a {@link PacketMeter} behind each TLS handshake that succeeded. */
final class MeteredAcceptor extends NettyAcceptor {
  private static final Logger LOG = LoggerFactory.getLogger(MeteredAcceptor.class);

  private final Counts counts;
  private final int packetMax;

  private MeteredAcceptor(
      Counts counts,
      int packetMax,
      String name,
      @Nullable ClusterConnection cluster,
      Map<String, Object> parameters,
      BufferHandler handler,
      ServerConnectionLifeCycleListener listener,
      ScheduledExecutorService scheduled,
      Executor failures,
      Map<String, ProtocolManager> protocols,
      String threads,
      @Nullable MetricsManager metrics) {
    super(
        name,
        cluster,
        parameters,
        handler,
        listener,
        scheduled,
        failures,
        protocols,
        threads,
        metrics);
    this.counts = counts;
    this.packetMax = packetMax;
  }

  /** Without passwords: a failed start logs all of it. */
  @Override
  public Map<String, Object> getConfiguration() {
    Map<String, Object> shown = new HashMap<>(super.getConfiguration());
    shown.keySet().removeIf(key -> key.toLowerCase(Locale.ROOT).contains("password"));
    return shown;
  }

  @Override
  public SslHandler getSslHandler(ByteBufAllocator allocator, @Nullable String host, int port)
      throws Exception {
    SslHandler handler = super.getSslHandler(allocator, host, port);
    handler.handshakeFuture().addListener(done -> shaken(handler, done));
    return handler;
  }

  private void shaken(SslHandler handler, Future<?> done) {
    if (done.isSuccess()) {
      Channel channel = (Channel) done.getNow();
      channel
          .pipeline()
          .addAfter(
              channel.pipeline().context(handler).name(),
              "packet-meter",
              new PacketMeter(counts, packetMax));
    } else if (done.cause() instanceof SSLException refused) {
      counts.refusedByTls.increment();
      LOG.debug("A connection was refused by TLS", refused);
    }
  }

  /** Makes it, when the broker starts. */
  record Factory(Counts counts, int packetMax) implements AcceptorFactory {
    @Override
    public Acceptor createAcceptor(
        String name,
        @Nullable ClusterConnection cluster,
        Map<String, Object> parameters,
        BufferHandler handler,
        ServerConnectionLifeCycleListener listener,
        Executor threads,
        ScheduledExecutorService scheduled,
        Map<String, ProtocolManager> protocols,
        String threadGroup,
        @Nullable MetricsManager metrics) {
      return new MeteredAcceptor(
          counts,
          packetMax,
          name,
          cluster,
          parameters,
          handler,
          listener,
          scheduled,
          new OrderedExecutor(threads),
          protocols,
          threadGroup,
          metrics);
    }
  }
}

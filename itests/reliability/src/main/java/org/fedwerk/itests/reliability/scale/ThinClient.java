// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.itests.reliability.scale;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.mqtt.MqttConnAckMessage;
import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import io.netty.handler.codec.mqtt.MqttDecoder;
import io.netty.handler.codec.mqtt.MqttEncoder;
import io.netty.handler.codec.mqtt.MqttFixedHeader;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import io.netty.handler.codec.mqtt.MqttMessageIdVariableHeader;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttPubReplyMessageVariableHeader;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttSubAckMessage;
import io.netty.handler.codec.mqtt.MqttVersion;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/**
 * An MQTT 5 client over mutual TLS that costs no thread: many of them share Netty's event loops. At
 * QoS 1, with a session that outlives the connection as the product's clients have. It tries some
 * times until it has subscribed, as a busy broker ends slow handshakes, and does not connect again
 * after that: a lost connection is told and counts as a failure. All that is one client's runs on
 * its event loop.
 */
final class ThinClient {
  private static final int PACKET_MAX = 256 * 1024;
  private static final int KEEP_ALIVE_SECONDS = 120;
  private static final int PING_SECONDS = 40;
  private static final int SESSION_SECONDS = 86_400;
  private static final int RECEIVE_MAX = 100;
  private static final int TRIES = 10;
  private static final int PAUSE_SECONDS = 2;

  /** A site's chunks on their way at a time, as in the product. */
  private static final int IN_FLIGHT_MOST = 16;

  /** What a client tells, on its event loop. */
  interface Listener {
    /** It is connected and has subscribed. */
    void connected();

    /** A message came. */
    void received(String topic, byte[] payload);

    /** It cannot go on. */
    void failed(String reason);
  }

  /** What is published; its bytes are made when there is room for it. */
  private record Outgoing(String topic, Callable<byte[]> payload) {}

  private final EventLoop loop;
  private final String clientId;
  private final List<String> filters;
  private final Listener listener;
  private final Queue<Outgoing> waiting = new ArrayDeque<>();
  private @Nullable Channel channel;
  private Runnable again = () -> {};
  private int tries;
  private boolean wasUp;
  private int inFlight;
  private int packet;
  private boolean over;

  ThinClient(EventLoopGroup loops, String clientId, List<String> filters, Listener listener) {
    // One loop of the group, so that all tries run on the same thread.
    this.loop = loops.next();
    this.clientId = clientId;
    this.filters = List.copyOf(filters);
    this.listener = listener;
  }

  /** Begins to connect. */
  void connect(String host, int port, SslContext tls) {
    Bootstrap bootstrap =
        new Bootstrap()
            .group(loop)
            .channel(NioSocketChannel.class)
            .option(ChannelOption.TCP_NODELAY, true)
            .handler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel fresh) {
                    SslHandler handler = tls.newHandler(fresh.alloc(), host, port);
                    SSLParameters checked = handler.engine().getSSLParameters();
                    checked.setEndpointIdentificationAlgorithm("HTTPS");
                    handler.engine().setSSLParameters(checked);
                    fresh
                        .pipeline()
                        .addLast(
                            handler,
                            new MqttDecoder(PACKET_MAX),
                            MqttEncoder.INSTANCE,
                            new IdleStateHandler(0, PING_SECONDS, 0),
                            new Conversation(handler));
                  }
                });
    again =
        () ->
            bootstrap
                .connect(host, port)
                .addListener(
                    done -> {
                      if (!done.isSuccess()) {
                        retry("not connected: " + done.cause().getMessage());
                      }
                    });
    again.run();
  }

  private void retry(String reason) {
    tries++;
    if (wasUp || over || tries >= TRIES) {
      fail(reason);
    } else {
      var unused = loop.schedule(again, PAUSE_SECONDS, TimeUnit.SECONDS);
    }
  }

  /** Publishes at QoS 1, after what was given before. Event loop only. */
  void publish(String topic, Callable<byte[]> payload) {
    waiting.add(new Outgoing(topic, payload));
    pump();
  }

  private void pump() {
    Channel open = channel;
    while (open != null && inFlight < IN_FLIGHT_MOST && !waiting.isEmpty()) {
      Outgoing next = waiting.remove();
      inFlight++;
      packet = packet % 0xFFFF + 1;
      try {
        open.writeAndFlush(
            MqttMessageBuilders.publish()
                .topicName(next.topic())
                .qos(MqttQoS.AT_LEAST_ONCE)
                .messageId(packet)
                .payload(Unpooled.wrappedBuffer(next.payload().call()))
                .build());
      } catch (Exception unreadable) {
        fail("a payload could not be made: " + unreadable.getMessage());
      }
    }
  }

  private void fail(String reason) {
    if (!over) {
      over = true;
      listener.failed(clientId + ": " + reason);
    }
  }

  private final class Conversation extends SimpleChannelInboundHandler<MqttMessage> {
    private final SslHandler tls;
    private String reason = "the connection was lost";

    Conversation(SslHandler tls) {
      this.tls = tls;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
      tls.handshakeFuture()
          .addListener(
              done -> {
                if (done.isSuccess()) {
                  context.writeAndFlush(connect());
                } else {
                  reason = "TLS was refused: " + done.cause().getMessage();
                }
              });
    }

    private MqttMessage connect() {
      MqttProperties properties = new MqttProperties();
      properties.add(
          new MqttProperties.IntegerProperty(
              MqttProperties.MqttPropertyType.SESSION_EXPIRY_INTERVAL.value(), SESSION_SECONDS));
      properties.add(
          new MqttProperties.IntegerProperty(
              MqttProperties.MqttPropertyType.RECEIVE_MAXIMUM.value(), RECEIVE_MAX));
      return MqttMessageBuilders.connect()
          .protocolVersion(MqttVersion.MQTT_5)
          .clientId(clientId)
          .cleanSession(true)
          .keepAlive(KEEP_ALIVE_SECONDS)
          .properties(properties)
          .build();
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, MqttMessage message) {
      if (message.decoderResult().isFailure()) {
        fail("a packet could not be read: " + message.decoderResult().cause().getMessage());
        context.close();
        return;
      }
      if (message instanceof MqttConnAckMessage answer) {
        connected(context, answer);
      } else if (message instanceof MqttSubAckMessage answer) {
        subscribed(context, answer);
      } else if (message instanceof MqttPublishMessage publish) {
        taken(context, publish);
      } else if (message.fixedHeader().messageType() == MqttMessageType.PUBACK) {
        acknowledged(message);
      } else if (message.fixedHeader().messageType() == MqttMessageType.DISCONNECT) {
        fail("the broker ended the connection: " + message.variableHeader());
      }
    }

    private void connected(ChannelHandlerContext context, MqttConnAckMessage answer) {
      MqttConnectReturnCode code = answer.variableHeader().connectReturnCode();
      if (code != MqttConnectReturnCode.CONNECTION_ACCEPTED) {
        fail("the broker refused the connection: " + code);
        return;
      }
      MqttMessageBuilders.SubscribeBuilder subscribe =
          MqttMessageBuilders.subscribe().messageId(0xFFFF);
      filters.forEach(filter -> subscribe.addSubscription(MqttQoS.AT_LEAST_ONCE, filter));
      context.writeAndFlush(subscribe.build());
    }

    private void subscribed(ChannelHandlerContext context, MqttSubAckMessage answer) {
      for (int code : answer.payload().reasonCodes()) {
        if (code >= 0x80) {
          fail("the broker refused a subscription: " + code);
          return;
        }
      }
      channel = context.channel();
      wasUp = true;
      listener.connected();
      pump();
    }

    private void taken(ChannelHandlerContext context, MqttPublishMessage publish) {
      String topic = publish.variableHeader().topicName();
      byte[] payload = ByteBufUtil.getBytes(publish.payload());
      int id = publish.variableHeader().packetId();
      context.writeAndFlush(
          new MqttMessage(
              new MqttFixedHeader(MqttMessageType.PUBACK, false, MqttQoS.AT_MOST_ONCE, false, 2),
              MqttMessageIdVariableHeader.from(id)));
      listener.received(topic, payload);
    }

    private void acknowledged(MqttMessage message) {
      inFlight--;
      if (message.variableHeader() instanceof MqttPubReplyMessageVariableHeader reply
          && (reply.reasonCode() & 0xFF) >= 0x80) {
        fail("the broker refused a message: " + (reply.reasonCode() & 0xFF));
      }
      pump();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
      if (event instanceof IdleStateEvent) {
        context.writeAndFlush(MqttMessage.PINGREQ);
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      channel = null;
      retry(reason);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      reason = String.valueOf(cause.getMessage());
      context.close();
    }
  }
}

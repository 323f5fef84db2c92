// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.broker.internal;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.util.ReferenceCountUtil;

/**
 * Stands between TLS and the broker on one connection: counts bytes, and closes what does not begin
 * with an MQTT CONNECT or announces a packet far above the limit. The broker itself would take HTTP
 * too, and read a packet whole before it looks at its size. Runs on the connection's event loop.
 */
final class PacketMeter extends ChannelDuplexHandler {
  /** Between limit and limit plus this the broker answers with a reason. */
  private static final int GRACE = 64 * 1024;

  private static final int CONNECT = 0x10;
  private static final int CONNECT_MAX = 64 * 1024;

  private final Counts counts;
  private final int packetMax;

  /** Bytes of the current packet that are still to come. */
  private long left;

  private long length;
  private int shift = -1;
  private boolean isConnected;
  private boolean isClosed;

  PacketMeter(Counts counts, int packetMax) {
    this.counts = counts;
    this.packetMax = packetMax;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (!(message instanceof ByteBuf bytes)) {
      context.fireChannelRead(message);
      return;
    }
    if (isClosed || !isAccepted(bytes)) {
      if (!isClosed) {
        isClosed = true;
        counts.refusedPackets.increment();
        context.close();
      }
      ReferenceCountUtil.release(message);
      return;
    }
    counts.in.add(bytes.readableBytes());
    context.fireChannelRead(message);
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    if (message instanceof ByteBuf bytes) {
      counts.out.add(bytes.readableBytes());
    }
    context.write(message, promise);
  }

  /** Follows packets by their fixed headers (MQTT 5, 2.1): type, then length, 7 bits a byte. */
  private boolean isAccepted(ByteBuf bytes) {
    int at = bytes.readerIndex();
    int end = bytes.writerIndex();
    while (at < end) {
      if (left > 0) {
        long step = Math.min(left, end - at);
        left -= step;
        at += (int) step;
      } else if (shift < 0) {
        if (!isConnected && (bytes.getByte(at) & 0xFF) != CONNECT) {
          return false;
        }
        length = 0;
        shift = 0;
        at++;
      } else {
        int part = bytes.getByte(at++);
        length |= (long) (part & 0x7F) << shift;
        shift += 7;
        if ((part & 0x80) == 0) {
          if (length > (isConnected ? (long) packetMax + GRACE : CONNECT_MAX)) {
            return false;
          }
          left = length;
          shift = -1;
          isConnected = true;
        } else if (shift > 21) {
          return false;
        }
      }
    }
    return true;
  }
}

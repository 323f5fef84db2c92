// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.plant.internal;

/**
 * How fast a plant works.
 *
 * @param startsAtOnce false to wait for a command before the first part
 * @param bulkParts parts made as fast as the clients' queues allow
 * @param tricklePerSecond parts a second after that; 0 for none
 * @param trickleParts parts made at that pace; 0 for no end
 * @param trickleAtStart false to hold after the bulk until a command says go on
 * @param waitsForSubscribers true to make a part only while every signal is subscribed
 */
public record Pace(
    boolean startsAtOnce,
    long bulkParts,
    double tricklePerSecond,
    long trickleParts,
    boolean trickleAtStart,
    boolean waitsForSubscribers) {}

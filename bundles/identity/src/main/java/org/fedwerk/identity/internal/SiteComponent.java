// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.identity.internal;

import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.identity.Enrolment;
import org.fedwerk.api.identity.Identity;
import org.fedwerk.api.status.StatusLine;
import org.fedwerk.api.status.StatusSource;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A site's identity: {@link Enrolment} at once, {@link Identity} when there is one. Services are
 * registered by hand, because the token among the configuration must not become a service property.
 */
@Component(
    service = {},
    configurationPid = SiteComponent.PID,
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = SiteConfig.class)
public final class SiteComponent implements Enrolment, StatusSource {
  /** The configuration's name. */
  static final String PID = "org.fedwerk.identity.site";

  private static final Logger LOG = LoggerFactory.getLogger(SiteComponent.class);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
  private static final Duration EXPIRY_NOTICE = Duration.ofDays(30);

  private final BundleContext context;
  private final SiteIdentity site;
  private final String token;
  private final Clock clock = Clock.systemUTC();
  private final ScheduledExecutorService enrolling =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "fedwerk-site-enrolment");
            thread.setDaemon(true);
            return thread;
          });
  private final List<ServiceRegistration<?>> services = new ArrayList<>();
  private boolean isStopped;
  private volatile StatusLine.State progress = StatusLine.State.WAITING;
  private volatile String state =
      "not enrolled; ask the coordinator for a token and run fedwerk:enrol <token>";

  /** Opens the folder. */
  @Activate
  public SiteComponent(BundleContext context, SiteConfig config)
      throws IOException, RefusedException {
    this.context = context;
    this.token = config.token().strip();
    this.site = SiteIdentity.open(DataFolder.of(config.folder(), context), clock);
  }

  /** Registers what there is; a token is tried on an own thread. */
  @Activate
  void start() {
    register(StatusSource.class, this);
    register(Enrolment.class, this);
    Optional<Identity> known = site.identity();
    if (known.isPresent()) {
      appear(known.get());
    } else if (!token.isEmpty()) {
      progress = StatusLine.State.STARTING;
      state = "enrolling by the token in " + PID;
      enrolling.execute(() -> attempt(Duration.ofSeconds(1)));
    }
  }

  /** Takes the services back. */
  @Deactivate
  void stop() {
    enrolling.shutdownNow();
    List<ServiceRegistration<?>> registered;
    synchronized (services) {
      isStopped = true;
      registered = List.copyOf(services);
      services.clear();
    }
    registered.forEach(ServiceRegistration::unregister);
  }

  private <T> void register(Class<T> type, T service) {
    synchronized (services) {
      if (!isStopped) {
        services.add(context.registerService(type, service, null));
      }
    }
  }

  /** The coordinator may start later than the site: what the network refuses is tried again. */
  private void attempt(Duration pause) {
    try {
      appear(site.enrol(token));
    } catch (IOException unreachable) {
      state = "the coordinator cannot be reached yet (" + unreachable + "); it is tried again";
      LOG.debug("Enrolment will be tried again", unreachable);
      Duration next = pause.multipliedBy(2);
      long millis = pause.toMillis() / 2 + ThreadLocalRandom.current().nextLong(pause.toMillis());
      if (!enrolling.isShutdown()) {
        enrolling.schedule(
            () -> attempt(next.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : next),
            millis,
            TimeUnit.MILLISECONDS);
      }
    } catch (RefusedException refused) {
      if (site.identity().isPresent()) {
        return; // the command was faster
      }
      progress = StatusLine.State.DOWN;
      state = "not enrolled: " + refused.getMessage();
      LOG.error("{}: the token did not enrol this site: {}", PID, refused.getMessage());
    }
  }

  private void appear(Identity identity) {
    progress = StatusLine.State.READY;
    state = identity.self() + " of federation " + identity.federation();
    register(Identity.class, identity);
    LOG.info("This is {} of federation {}", identity.self(), identity.federation());
  }

  @Override
  public void enrol(String text) throws RefusedException {
    Identity identity;
    try {
      identity = site.enrol(text);
    } catch (IOException failed) {
      throw new RefusedException(
          "enrolment",
          "it did not come about ("
              + failed
              + "); see that the coordinator runs and can be reached, then try the same token"
              + " again");
    }
    appear(identity);
  }

  @Override
  public byte[] request(String text) throws RefusedException {
    try {
      return site.request(text);
    } catch (IOException failed) {
      throw new RefusedException("enrolment", "its key cannot be kept (" + failed + ")");
    }
  }

  @Override
  public void accept(byte[] answer) throws RefusedException {
    Identity identity;
    try {
      identity = site.accept(answer);
    } catch (IOException failed) {
      throw new RefusedException("enrolment", "its certificate cannot be kept (" + failed + ")");
    }
    appear(identity);
  }

  @Override
  public String state() {
    return state;
  }

  @Override
  public List<StatusLine> status() {
    Optional<X509Certificate> certificate = site.certificate();
    if (certificate.isPresent()) {
      Instant end = certificate.get().getNotAfter().toInstant();
      return List.of(enrolled(state, progress, end, clock.instant()));
    }
    return List.of(line(progress, state));
  }

  /** The line of a site that has a certificate. */
  static StatusLine enrolled(String state, StatusLine.State progress, Instant end, Instant now) {
    if (now.isAfter(end)) {
      return line(
          StatusLine.State.DEGRADED,
          state
              + ", its certificate has expired on "
              + end
              + ": the federation refuses this site, predictions go on; see that this machine's"
              + " clock is right, else have the site revoked and enrol it anew");
    }
    String detail = state + ", certificate valid to " + end;
    return now.isAfter(end.minus(EXPIRY_NOTICE))
        ? line(StatusLine.State.DEGRADED, detail + "; enrol anew before")
        : line(progress, detail);
  }

  private static StatusLine line(StatusLine.State state, String detail) {
    return new StatusLine("identity site", state, detail);
  }
}

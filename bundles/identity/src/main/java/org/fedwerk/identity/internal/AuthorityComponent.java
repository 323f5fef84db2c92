// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.identity.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.identity.FederationAuthority;
import org.fedwerk.api.identity.Identity;
import org.fedwerk.api.metric.MetricSource;
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

/** The authority where its configuration is present; its services go as it goes. */
@Component(
    service = {},
    configurationPid = AuthoritySettings.PID,
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = AuthorityConfig.class)
public final class AuthorityComponent {
  private static final Logger LOG = LoggerFactory.getLogger(AuthorityComponent.class);

  private final Authority authority;
  private final List<ServiceRegistration<?>> services = new ArrayList<>();

  /** Opens the folder and listens. */
  @Activate
  public AuthorityComponent(BundleContext context, AuthorityConfig config)
      throws IOException, RefusedException {
    // An absent key arrives as null, in spite of the annotation's type.
    Object federation = config.federation();
    this.authority =
        Authority.open(
            new AuthoritySettings(
                federation == null ? "" : config.federation(),
                config.coordinator(),
                config.enrolment_host(),
                config.enrolment_port(),
                config.advertised_host(),
                config.broker_host().isEmpty() ? config.advertised_host() : config.broker_host(),
                config.broker_port(),
                DataFolder.of(config.folder(), context),
                config.broker_files().isEmpty()
                    ? Optional.empty()
                    : Optional.of(Path.of(config.broker_files())),
                config.enrolment_requests_max()),
            Clock.systemUTC());
  }

  /** Listens, then registers the services. */
  @Activate
  void start(BundleContext context) throws IOException {
    try {
      authority.serve();
    } catch (IOException failed) {
      authority.close();
      throw failed;
    }
    services.add(context.registerService(StatusSource.class, authority, null));
    services.add(context.registerService(MetricSource.class, authority, null));
    services.add(context.registerService(Identity.class, authority.identity(), null));
    services.add(context.registerService(FederationAuthority.class, authority, null));
    LOG.info(
        "Federation {} has its authority here; enrolment listens on port {}",
        authority.federation(),
        authority.enrolmentPort());
  }

  /** Takes the services back and stops listening. */
  @Deactivate
  void stop() throws IOException {
    services.forEach(ServiceRegistration::unregister);
    authority.close();
  }
}

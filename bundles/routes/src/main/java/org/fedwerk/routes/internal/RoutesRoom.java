// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.routes.internal;

import java.io.File;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.camel.Component;
import org.apache.camel.karaf.core.OsgiDefaultCamelContext;
import org.apache.camel.spi.ComponentResolver;
import org.apache.camel.spi.LanguageResolver;
import org.apache.felix.fileinstall.ArtifactInstaller;
import org.fedwerk.api.status.StatusLine;
import org.fedwerk.api.status.StatusSource;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/**
 * The room in Karaf: runs the routes of a folder, and gives the component to Camel contexts of
 * others. Tells Karaf's deployers that these files are not theirs.
 */
@org.osgi.service.component.annotations.Component(
    service = {StatusSource.class, ArtifactInstaller.class},
    property = Constants.SERVICE_RANKING + ":Integer=1000",
    configurationPid = RoutesSettings.PID,
    immediate = true)
@Designate(ocd = Config.class)
public final class RoutesRoom implements StatusSource, ArtifactInstaller {
  private static final Duration PERIOD = Duration.ofSeconds(1);

  private final OsgiServices services;
  private final RouteFolder folder;
  private final ServiceRegistration<ComponentResolver> resolver;

  /**
   * Wired by Declarative Services; the resolvers tell that Camel's bundle is ready, also after a
   * warm restart.
   */
  @Activate
  public RoutesRoom(
      @Reference(target = "(component=file)") ComponentResolver component,
      @Reference(target = "(language=simple)") LanguageResolver language,
      BundleContext bundle,
      Config config,
      Map<String, Object> all) {
    RoutesSettings settings =
        RoutesSettings.of(config, all, String.valueOf(bundle.getProperty("karaf.base")));
    services = new OsgiServices(bundle);
    ComponentResolver ours = (name, context) -> component(name);
    resolver =
        bundle.registerService(
            ComponentResolver.class,
            ours,
            new java.util.Hashtable<>(Map.of("component", FedwerkComponent.SCHEME)));
    folder =
        new RouteFolder(
            settings.folder(),
            new RouteFile.Ground(
                () -> new OsgiDefaultCamelContext(bundle), services, settings.properties()),
            PERIOD,
            settings.retry());
    folder.start();
  }

  private Component component(String name) {
    if (!name.equals(FedwerkComponent.SCHEME)) {
      throw new IllegalArgumentException("not a component of this room: " + name);
    }
    return new FedwerkComponent(services);
  }

  @Deactivate
  void deactivate() {
    resolver.unregister();
    folder.close();
    services.close();
  }

  @Override
  public List<StatusLine> status() {
    return folder.status();
  }

  @Override
  public boolean canHandle(File file) {
    return RouteFolder.holdsRoutes(file.getName());
  }

  // The room looks into the folder by itself; whatever else installs files is to leave these alone.

  @Override
  public void install(File file) {}

  @Override
  public void update(File file) {}

  @Override
  public void uninstall(File file) {}
}

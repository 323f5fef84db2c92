// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.site.internal;

import java.util.List;
import org.fedwerk.api.RefusedException;
import org.fedwerk.api.site.DataDeletion;
import org.fedwerk.api.store.DataSelection;
import org.fedwerk.api.store.PartStore;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Offers deletion where the site's parts are kept in this process. */
@Component(service = DataDeletion.class, immediate = true)
public final class DeletionComponent implements DataDeletion {
  private final DataDeletion deletions;

  /** Wired by Declarative Services; ends a deletion that a kill interrupted. */
  @Activate
  public DeletionComponent(@Reference Site site, @Reference PartStore parts) {
    deletions = site.deletions(parts);
  }

  @Override
  public Deletion preview(DataSelection selection) throws RefusedException {
    return deletions.preview(selection);
  }

  @Override
  public Deletion delete(DataSelection selection, String by) throws RefusedException {
    return deletions.delete(selection, by);
  }

  @Override
  public List<Deletion> deletions() {
    return deletions.deletions();
  }
}

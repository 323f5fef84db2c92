// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.signal.folder.internal;

import java.nio.file.Path;
import java.time.Duration;

/**
 * A folder of images.
 *
 * @param name the source's name
 * @param folder where files come
 * @param signal name of the signal of images
 * @param serial name of the signal of serials
 * @param every from one look to the next
 * @param settle after so long without a change a file that is no whole image is refused
 * @param maxBytes most bytes of a file
 * @param maxPixels most pixels of an image
 * @param maxFiles most files that are looked at, at a time; the rest waits for later looks
 * @param moves true if a stored file is moved to the folder of taken ones, false if it is deleted
 */
public record FolderSettings(
    String name,
    Path folder,
    String signal,
    String serial,
    Duration every,
    Duration settle,
    int maxBytes,
    int maxPixels,
    int maxFiles,
    boolean moves) {}

// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.signal.folder.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The keys for people and tools; {@link SettingsReader} reads them, to refuse each by its name. */
@ObjectClassDefinition(
    name = "Fedwerk images from a folder",
    description = "Images of parts, one file each, named <serial>.png, .jpg or .jpeg")
@interface FolderConfig {
  long EVERY = 1000;
  long SETTLE = 10;
  long BYTES = 4 << 20;
  long PIXELS = 8 << 20;
  long FILES = 10_000;

  @AttributeDefinition(
      name = "Name",
      description = "Unique at the site; default: the part of the file name after the dash",
      required = false)
  String name() default "";

  @AttributeDefinition(name = "Folder", description = "Where the files come; not below it")
  String folder();

  @AttributeDefinition(name = "Signal", description = "Name of the signal of images")
  String signal() default "camera";

  @AttributeDefinition(
      name = "Serial signal",
      description = "Name of the signal that carries the part's serial, the file's name")
  String serial() default "serial";

  @AttributeDefinition(
      name = "Every (milliseconds)",
      description = "From one look to the next; a file that has changed in between is not read yet",
      min = "100",
      max = "3600000")
  long every() default EVERY;

  @AttributeDefinition(
      name = "Settle (seconds)",
      description = "A file that is no whole image and has not changed for so long is refused",
      min = "1",
      max = "86400")
  long settle() default SETTLE;

  @AttributeDefinition(
      name = "Most bytes",
      description = "A larger file is refused, unread",
      min = "1",
      max = "33554432")
  long image_max$_$bytes() default BYTES;

  @AttributeDefinition(
      name = "Most pixels",
      description = "An image of more is refused before it is decoded",
      min = "1",
      max = "33554432")
  long image_max$_$pixels() default PIXELS;

  @AttributeDefinition(
      name = "Most files",
      description = "Most files that are looked at, at a time; the rest waits for later looks",
      min = "1",
      max = "1000000")
  long files_max() default FILES;

  @AttributeDefinition(
      name = "After",
      description = "What becomes of a file that is stored: move (to the folder taken) or delete")
  String after() default "move";
}

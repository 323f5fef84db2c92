// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.learn.djl.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

@ObjectClassDefinition(
    name = "Fedwerk learning engine",
    description =
        "Local training and prediction. All keys but device, engine and bases are read when the engine's native"
            + " library is loaded, at the first training or prediction; later changes need a"
            + " restart of the process.")
@interface Config {
  @AttributeDefinition(
      name = "Device",
      description =
          "auto: the first GPU if the engine can use one, else the CPU. cpu: the CPU. cuda: the"
              + " first GPU; where there is none, no engine.",
      options = {@Option(value = "auto"), @Option(value = "cpu"), @Option(value = "cuda")})
  String device() default "auto";

  @AttributeDefinition(
      name = "Threads",
      description = "Threads of one operation on the CPU. One is best for small networks.",
      min = "1",
      max = "64")
  int threads() default 1;

  @AttributeDefinition(
      name = "Engine",
      description =
          "pytorch or mxnet, installed by the feature fedwerk-engine-pytorch or"
              + " fedwerk-engine-mxnet. auto: PyTorch if it is installed, else MXNet.",
      options = {@Option(value = "pytorch"), @Option(value = "mxnet"), @Option(value = "auto")})
  String engine() default "pytorch";

  @AttributeDefinition(
      name = "Cache folder",
      description =
          "Where the native library is unpacked, about 450 MB. Empty: the system property or"
              + " environment variable DJL_CACHE_DIR, else .djl.ai in the user's home.")
  String cache() default "";

  @AttributeDefinition(
      name = "Library folder",
      description =
          "Folder of an unpacked libtorch 2.7.1 to use in place of the bundled one. Empty: none.")
  String library() default "";

  @AttributeDefinition(
      name = "Library flavor",
      description =
          "What the library folder holds: cpu, or cu128 for CUDA. Read only with a library folder.",
      options = {@Option(value = "cpu"), @Option(value = "cu128")})
  String library_flavor() default "cpu";

  @AttributeDefinition(
      name = "Folder of bases",
      description =
          "Folder of TorchScript files that tasks may name as model.base, each called"
              + " <its SHA-256>.pt. What is in it runs as part of this process. Empty: none.")
  String bases() default "";
}

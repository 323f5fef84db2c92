// SPDX-License-Identifier: Apache-2.0
"use strict";

// Reads a task's prediction from a site's OPC UA server as a SCADA system would, and listens to new ones.
// One JSON object a line on standard output; what people should know goes to standard error.

// The library warns on standard output; that belongs to the JSON lines alone.
console.log = console.info = console.warn = console.debug = console.error;

const path = require("node:path");
const { parseArgs } = require("node:util");
const {
  AttributeIds,
  MessageSecurityMode,
  OPCUAClient,
  SecurityPolicy,
  StatusCodes,
  TimestampsToReturn,
  UserTokenType,
} = require("node-opcua-client");
const { OPCUACertificateManager } = require("node-opcua-certificate-manager");

const NAMESPACE = "urn:fedwerk:opcua";
const VARIABLES = [
  "Serial",
  "Prediction",
  "Probability",
  "Threshold",
  "ModelVersion",
  "Digest",
  "LocalRevision",
  "Sequence",
  "State",
  "Detail",
];
const USAGE =
  "usage: OPCUA_USER=... OPCUA_PASSWORD=... node read-prediction.js --endpoint opc.tcp://<host>:<port>" +
  " --task <name> --pki <folder> [--changes <n>] [--timeout <seconds>] [--trust-server] [--make-certificate]";

/** A failure that is told in one sentence, without a stack trace. */
class Failure extends Error {}

function settings() {
  let given;
  try {
    given = parseArgs({
      options: {
        endpoint: { type: "string" },
        task: { type: "string" },
        pki: { type: "string" },
        changes: { type: "string", default: "0" },
        timeout: { type: "string", default: "30" },
        "trust-server": { type: "boolean", default: false },
        "make-certificate": { type: "boolean", default: false },
      },
    }).values;
  } catch (wrong) {
    throw new Failure(`${wrong.message}; ${USAGE}`);
  }
  const changes = Number(given.changes);
  const timeoutMillis = Number(given.timeout) * 1000;
  if (!given.pki || (!given["make-certificate"] && (!given.endpoint || !given.task))) {
    throw new Failure(USAGE);
  }
  if (!Number.isInteger(changes) || changes < 0 || !(timeoutMillis > 0)) {
    throw new Failure(`--changes is a count and --timeout a number of seconds; ${USAGE}`);
  }
  const user = process.env.OPCUA_USER;
  const password = process.env.OPCUA_PASSWORD;
  if (!given["make-certificate"] && (!user || !password)) {
    throw new Failure("set the environment variables OPCUA_USER and OPCUA_PASSWORD");
  }
  return { ...given, changes, timeoutMillis, user, password };
}

function print(line) {
  process.stdout.write(JSON.stringify(line) + "\n");
}

/** Own key and certificate, and the servers that are trusted; all below one folder. */
async function certificates(pki, trustServer) {
  const manager = new OPCUACertificateManager({
    rootFolder: path.resolve(pki),
    automaticallyAcceptUnknownCertificate: trustServer,
  });
  await manager.initialize();
  return manager;
}

async function makeClient(asked) {
  const manager = await certificates(asked.pki, asked["trust-server"]);
  const client = OPCUAClient.create({
    applicationName: "Fedwerk foreign client",
    clientCertificateManager: manager,
    securityMode: MessageSecurityMode.SignAndEncrypt,
    securityPolicy: SecurityPolicy.Basic256Sha256,
    endpointMustExist: false,
    requestedSessionTimeout: 60_000,
    connectionStrategy: { maxRetry: 0, initialDelay: 100, maxDelay: 200 },
  });
  await client.createDefaultCertificate();
  return { client, manager };
}

/** A 64-bit integer comes as a pair of 32 bits each, the higher first; sequences stay far below 2^53. */
function int64([high, low]) {
  return Number(BigInt.asIntN(64, (BigInt(high) << 32n) | BigInt(low)));
}

/** The fields of a decoded structure; the library knows them from the server's DataTypeDefinition alone. */
function structure(value) {
  const fields = {};
  for (const [name, field] of Object.entries(value)) {
    fields[name] = ArrayBuffer.isView(field) ? Array.from(field) : field;
  }
  return { ...fields, sequence: int64(fields.sequence) };
}

function described(dataValue) {
  return {
    status: dataValue.statusCode.name,
    sourceTime: dataValue.sourceTimestamp ? dataValue.sourceTimestamp.toISOString() : null,
  };
}

/** Reads every node in one call, so that all belong to one prediction. */
async function readAll(session, index, task) {
  const ids = [
    ...VARIABLES.map((name) => `Models.${task}.${name}`),
    `LearningJobs.${task}.State`,
    `Models.${task}.Result`,
  ];
  const values = await session.read(
    ids.map((id) => ({ nodeId: `ns=${index};s=${id}`, attributeId: AttributeIds.Value })),
  );
  values.forEach((dataValue, i) => {
    const node = ids[i];
    if (dataValue.statusCode.equals(StatusCodes.BadNodeIdUnknown)) {
      throw new Failure(`the server has no node ${node}; check --task, and if the site knows that task`);
    }
    const value = dataValue.value.value ?? null;
    if (node.endsWith(".Result")) {
      print({ kind: "result", node, value: value && structure(value), ...described(dataValue) });
    } else {
      print({ kind: "value", node, value: Array.isArray(value) ? int64(value) : value, ...described(dataValue) });
    }
  });
}

async function listen(session, index, asked) {
  const subscription = await session.createSubscription2({
    requestedPublishingInterval: 100,
    requestedLifetimeCount: 600,
    requestedMaxKeepAliveCount: 50,
    maxNotificationsPerPublish: 0,
    publishingEnabled: true,
    priority: 0,
  });
  const item = await subscription.monitor(
    { nodeId: `ns=${index};s=Models.${asked.task}.Serial`, attributeId: AttributeIds.Value },
    { samplingInterval: 0, queueSize: 100, discardOldest: false },
    TimestampsToReturn.Both,
  );
  try {
    await new Promise((resolve, reject) => {
      let seen = 0;
      const late = setTimeout(
        () => reject(new Failure(`${seen} of ${asked.changes} changes came in ${asked.timeout} seconds`)),
        asked.timeoutMillis,
      );
      const end = (outcome) => (argument) => {
        clearTimeout(late);
        outcome(argument);
      };
      item.on("err", (why) => end(reject)(new Failure(`the server refused to watch Serial: ${why}`)));
      item.on("changed", (dataValue) => {
        if (seen < asked.changes) {
          seen++;
          print({ kind: "change", number: seen, serial: dataValue.value.value, ...described(dataValue) });
          if (seen === asked.changes) {
            end(resolve)();
          }
        }
      });
    });
  } finally {
    await subscription.terminate();
  }
}

/** What the person before the screen should do about it. */
function explained(error, asked) {
  const text = String(error?.message ?? error).replace(/\s+/g, " ");
  if (/BadUserAccessDenied|BadIdentityTokenRejected|BadIdentityTokenInvalid/.test(text)) {
    return `the server refused user and password (${text}); check OPCUA_USER and OPCUA_PASSWORD`;
  }
  if (/BadCertificateUntrusted|certificate.*not trusted|BadCertificateChainIncomplete/i.test(text)) {
    return `this client does not trust the server's certificate (${text}); move it from ${asked.pki}/rejected to ${asked.pki}/trusted/certs, or give --trust-server`;
  }
  if (/collect server's certificate|ECONNREFUSED|ETIMEDOUT|ENOTFOUND/.test(text)) {
    return `nobody answers at ${asked.endpoint} (${text}); check the address, and fedwerk:status at the site`;
  }
  if (/BadSecurityChecksFailed|rejected by server/.test(text)) {
    return `the server refused this client's certificate (${text}); trust it at the site with fedwerk:trust`;
  }
  return text;
}

async function main(asked) {
  const { client, manager } = await makeClient(asked);
  try {
    if (asked["make-certificate"]) {
      print({ kind: "certificate", file: client.certificateFile });
      return;
    }
    await client.connect(asked.endpoint);
    print({
      kind: "connected",
      endpoint: asked.endpoint,
      policy: client.securityPolicy,
      mode: MessageSecurityMode[client.securityMode],
    });
    const session = await client.createSession({
      type: UserTokenType.UserName,
      userName: asked.user,
      password: asked.password,
    });
    try {
      const namespaces = await session.readNamespaceArray();
      const index = namespaces.indexOf(NAMESPACE);
      if (index < 0) {
        throw new Failure(`the server has no namespace ${NAMESPACE}; is it a site's prediction server?`);
      }
      await readAll(session, index, asked.task);
      if (asked.changes > 0) {
        await listen(session, index, asked);
      }
    } finally {
      await session.close();
    }
  } finally {
    await client.disconnect();
    await manager.dispose();
  }
}

(async () => {
  let asked = {};
  try {
    asked = settings();
    const watchdog = setTimeout(() => {
      process.stderr.write(`no end after ${2 * asked.timeoutMillis / 1000} seconds; giving up\n`);
      process.exit(1);
    }, 2 * asked.timeoutMillis);
    await main(asked);
    clearTimeout(watchdog);
    process.exitCode = 0;
  } catch (error) {
    process.stderr.write(`${error instanceof Failure ? error.message : explained(error, asked)}\n`);
    process.exit(1);
  }
})();

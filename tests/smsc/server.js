// A small SMS centre (SMPP 3.4) on the library `smpp`: a peer that shares no code with the office's link.
//
// It takes binds, submits and acknowledgements, sends receipts and people's messages, keeps what was not acknowledged
// and sends it again on the next bind. Its first line is `listening PORT`. On stdin: a line of JSON is a command, and
// `0912345678 Mạng yếu quá` is an SMS from that number. It ends when stdin does.
'use strict';

const fs = require('fs');
const readline = require('readline');
const { parseArgs } = require('util');
const smpp = require('smpp');

const text_option = (value) => ({ type: 'string', default: value });
const options = parseArgs({
  options: {
    port: text_option('2775'), // 0: any that is free
    'system-id': text_option('tantam'),
    password: text_option('tantam'),
    log: text_option(''), // every event, a line of JSON each, appended
    ids: text_option('decimal'), // hex: ids are answered in hexadecimal and stand in receipts as decimals
    receipts: text_option('tlv'), // text: without the optional parameters; none
    delay: text_option('0'), // milliseconds from a submit to its receipt
    undelivered: text_option(''), // numbers that end in this digit are not reached
    window: text_option('50'), // messages to the office that wait for an answer at once
    key: text_option(''),
    cert: text_option(''), // with both, TLS
    phone: { type: 'boolean', default: false }, // print what the office sends, as on a phone
  },
}).values;

const ROUTE_FAILED = 0x64, QUEUE_FULL = 0x14, THROTTLED = 0x58; // answers after which we try again
const RETRY_MS = 200;
const BRAND = { dest_addr_ton: 5, dest_addr_npi: 0 };

const log_file = options.log ? fs.openSync(options.log, 'a') : null;
const sessions = new Set(); // bound to receive
const waiting = []; // deliver_sm to send: the fields of each
const faults = { refuse: [], drop: '', silent: false };
const parts_shown = new Map();
let window_size = Number(options.window);
let last_id = 1000000000;
let last_session = 0;
let last_reference = 0;
let office = 'TANTAM'; // whom people write to: the sender that the office last used

// The octets of a submit as they came; they are read by the library where they are shown.
const message_filter = smpp.filters.message;
delete smpp.commands.submit_sm.params.short_message.filter;

function log(event, fields) {
  if (log_file !== null) fs.writeSync(log_file, JSON.stringify({ event, at: Date.now(), ...fields }) + '\n');
}

// ---- to the office

function enqueue(fields) {
  waiting.push(fields);
  deliver();
}

function deliver() {
  for (const session of sessions) {
    while (waiting.length && session.unanswered.size < window_size) {
      const fields = waiting.shift();
      session.unanswered.add(fields);
      // a copy, since the library writes into what it encodes
      session.deliver_sm({ ...fields.pdu }, (answer) => acknowledged(session, fields, answer.command_status));
      fields.times = (fields.times || 0) + 1;
      log('deliver', { session: session.number, kind: fields.kind, name: fields.name, times: fields.times });
    }
  }
}

function acknowledged(session, fields, status) {
  session.unanswered.delete(fields);
  log('ack', { session: session.number, kind: fields.kind, name: fields.name, status });
  if ([ROUTE_FAILED, QUEUE_FULL, THROTTLED].includes(status)) setTimeout(enqueue, RETRY_MS, fields);
  deliver();
}

function closed(session) {
  if (session.gone) return;
  session.gone = true;
  sessions.delete(session);
  waiting.unshift(...session.unanswered); // nobody answered for them: the next bind gets them first
  log('closed', { session: session.number, unanswered: session.unanswered.size });
  deliver();
}

// One SMS of a person: {from, text, name, coding: "gsm"|"ucs2", as: "whole"|"parts"|"payload"|"sar", parts: at least}.
function say({ from, text, name = text, coding, as, parts = 1 }) {
  const gsm = coding ? coding === 'gsm' : smpp.encodings.ASCII.match(text);
  const octets = (gsm ? smpp.encodings.ASCII : smpp.encodings.UCS2).encode(text);
  const pdu = {
    source_addr_ton: from.startsWith('+') ? 1 : 0, source_addr_npi: 1, source_addr: from.replace('+', ''),
    ...BRAND, destination_addr: office, data_coding: gsm ? 0 : 8,
  };
  const fits = octets.length <= (gsm ? 160 : 140);
  const way = as || (fits && parts === 1 ? 'whole' : 'parts');
  if (way === 'whole') return enqueue({ kind: 'sms', name, pdu: { ...pdu, short_message: octets } });
  if (way === 'payload') {
    return enqueue({ kind: 'sms', name, pdu: { ...pdu, short_message: Buffer.alloc(0), message_payload: octets } });
  }
  const bodies = cut(octets, gsm, parts);
  last_reference = (last_reference + 1) % 256;
  bodies.forEach((body, at) => {
    const fields = { kind: 'sms', name: `${name} (${at + 1}/${bodies.length})` };
    if (way === 'sar') {
      const sar = { sar_msg_ref_num: last_reference, sar_total_segments: bodies.length, sar_segment_seqnum: at + 1 };
      return enqueue({ ...fields, pdu: { ...pdu, ...sar, short_message: body } });
    }
    const header = Buffer.from([5, 0, 3, last_reference, bodies.length, at + 1]);
    enqueue({ ...fields, pdu: { ...pdu, esm_class: 0x40, short_message: Buffer.concat([header, body]) } });
  });
}

function cut(octets, gsm, at_least) {
  const size = Math.ceil(octets.length / (gsm ? 1 : 2) / at_least) * (gsm ? 1 : 2);
  const room = Math.min(size, gsm ? 153 : 134);
  const bodies = [];
  for (let start = 0; start < octets.length; ) {
    let end = Math.min(start + room, octets.length);
    if (gsm && end < octets.length && octets[end - 1] === 0x1b) end -= 1;
    if (!gsm && end < octets.length && (octets[end - 2] & 0xfc) === 0xd8) end -= 2;
    bodies.push(octets.subarray(start, end));
    start = end;
  }
  return bodies;
}

function receipt(submit, id) {
  const reached = !options.undelivered || !submit.destination_addr.endsWith(options.undelivered);
  const stamp = new Date().toISOString().replace(/[-:T]/g, '').slice(2, 12);
  const written = options.ids === 'hex' ? String(id).padStart(12, '0') : String(id);
  const text = `id:${written} sub:001 dlvrd:${reached ? '001' : '000'} submit date:${stamp} done date:${stamp} ` +
    `stat:${reached ? 'DELIVRD' : 'UNDELIV'} err:${reached ? '000' : '011'} text:`;
  const pdu = {
    source_addr_ton: 1, source_addr_npi: 1, source_addr: submit.destination_addr,
    ...BRAND, destination_addr: submit.source_addr, esm_class: 4, short_message: Buffer.from(text, 'latin1'),
  };
  if (options.receipts === 'tlv') Object.assign(pdu, { receipted_message_id: written, message_state: reached ? 2 : 5 });
  enqueue({ kind: 'receipt', name: String(id), pdu });
}

// ---- from the office

function submitted(session, pdu) {
  const refused = faults.refuse.shift() || 0;
  const id = refused ? 0 : ++last_id;
  const text = message_filter.decode.call(pdu, pdu.short_message).message;
  office = pdu.source_addr || office;
  log('submit', {
    session: session.number, sequence: pdu.sequence_number, status: refused, id: String(id), to: pdu.destination_addr,
    ton: pdu.dest_addr_ton, npi: pdu.dest_addr_npi, from: pdu.source_addr, from_ton: pdu.source_addr_ton,
    from_npi: pdu.source_addr_npi, esm: pdu.esm_class, coding: pdu.data_coding,
    registered: pdu.registered_delivery, octets: pdu.short_message.toString('hex'), text,
  });
  if (!refused) {
    if (options.phone) show(pdu, text);
    if (pdu.registered_delivery & 1 && options.receipts !== 'none') setTimeout(receipt, Number(options.delay), pdu, id);
  }
  const drop = faults.drop;
  faults.drop = '';
  if (drop === 'before_answer') return session.destroy();
  const answer = { command_status: refused, message_id: options.ids === 'hex' ? id.toString(16) : String(id) };
  session.send(pdu.response(answer));
  if (drop === 'after_answer') session.close();
}

function bound(session, pdu) {
  const wrong = pdu.system_id !== options['system-id'] ? smpp.ESME_RINVSYSID
    : pdu.password !== options.password ? smpp.ESME_RINVPASWD : 0;
  log('bind', { session: session.number, command: pdu.command, system_id: pdu.system_id, status: wrong });
  session.send(pdu.response({ command_status: wrong, system_id: 'smsc' }));
  if (wrong) return session.close();
  if (options.phone) console.log('— Văn phòng đã nối. / The office is connected.');
  if (pdu.command !== 'bind_transmitter') sessions.add(session);
  setImmediate(deliver);
}

const ANSWERS = {
  bind_transceiver: bound,
  bind_transmitter: bound,
  bind_receiver: bound,
  submit_sm: submitted,
  enquire_link: (session, pdu) => session.send(pdu.response()),
  unbind(session, pdu) {
    session.send(pdu.response());
    session.close();
  },
};

const tls = options.key && options.cert
  ? { key: fs.readFileSync(options.key), cert: fs.readFileSync(options.cert) } : {};
const server = smpp.createServer(tls, (session) => {
  session.number = ++last_session;
  session.unanswered = new Set();
  session.on('pdu', (pdu) => {
    if (faults.silent) return;
    if (ANSWERS[pdu.command]) return ANSWERS[pdu.command](session, pdu);
    if (!pdu.isResponse()) return session.send(pdu.response({ command_status: smpp.ESME_RINVCMDID }));
    if (!['deliver_sm_resp', 'enquire_link_resp'].includes(pdu.command)) {
      log('answer', { session: session.number, command: pdu.command, status: pdu.command_status });
    }
  });
  session.on('close', () => closed(session));
  session.on('error', (problem) => {
    log('error', { session: session.number, what: String(problem) });
    session.destroy();
  });
});

// ---- commands

const COMMANDS = {
  say,
  flood({ count, from, window: size }) {
    window_size = size || window_size;
    for (let at = 1; at <= count; at++) say({ from, text: `Tin ${at}` });
  },
  throttle: (count) => faults.refuse.push(...Array(count).fill(THROTTLED)),
  refuse: (status) => faults.refuse.push(status),
  drop(when) { faults.drop = when; },
  silent(whether) { faults.silent = whether; },
  malformed: (hex) => sessions.forEach((session) => session.socket.write(Buffer.from(hex, 'hex'))),
  unbind: () => sessions.forEach((session) => session.unbind()),
  enquire: () => sessions.forEach((session) => session.enquire_link(
    () => log('alive', { session: session.number }))),
  close: () => sessions.forEach((session) => session.destroy()),
};

function heard(line) {
  if (line.startsWith('{')) {
    for (const [name, value] of Object.entries(JSON.parse(line))) COMMANDS[name](value);
    return console.log('ok');
  }
  const [, from, text] = line.match(/^(\+?\d+)\s+(.+)$/) || [];
  if (from) say({ from, text });
  else if (line.trim()) console.log('? 0912345678 Mạng yếu quá');
}

// A message of the office as on a phone: put together once every part is there.
function show(pdu, text) {
  const octets = pdu.short_message;
  const [total, number] = pdu.esm_class & 0x40 ? [octets[octets[0] - 1], octets[octets[0]]] : [1, 1];
  const name = `${pdu.destination_addr} ${octets.subarray(0, total > 1 ? octets[0] - 1 : 0).toString('hex')}`;
  const held = parts_shown.get(name) || new Map();
  parts_shown.set(name, held.set(number, text));
  if (held.size < total) return;
  parts_shown.delete(name);
  const whole = [...held.keys()].sort((a, b) => a - b).map((at) => held.get(at)).join('');
  console.log(`📱 ${pdu.destination_addr} ← ${pdu.source_addr}${total > 1 ? ` (${total} phần)` : ''}: ${whole}`);
}

server.on('error', (problem) => {
  console.error(`Không mở được cổng ${options.port}. / Port ${options.port} cannot be opened: ${problem.code}`);
  process.exit(1);
});
server.listen(Number(options.port), '127.0.0.1', () => {
  const { port } = server.address();
  console.log(`listening ${port}`);
  if (!options.phone) return;
  const [id, secret] = [options['system-id'], options.password];
  console.log(`
Trung tâm tin nhắn thử. Nối văn phòng vào đây, ở một cửa sổ khác:
A test SMS centre. Connect the office to it, in another window:

    TANTAM_SMS=smpp://${id}@127.0.0.1:${port} TANTAM_SMS_PASSWORD=${secret} tantam office sms

Gõ một dòng như sau để nhắn tới văn phòng từ số ấy; Ctrl-D để dừng.
Type a line like this to text the office from that number; Ctrl-D stops.

    0912345678 Mạng yếu quá
`);
});
readline.createInterface({ input: process.stdin }).on('line', heard).on('close', () => process.exit(0));

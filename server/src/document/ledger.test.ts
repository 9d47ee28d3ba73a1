import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Ledger } from './ledger.ts';

test('debts are paid in the order of their numbers, and once', () => {
  const ledger = new Ledger();
  ledger.owe(ledger.receive(), 3);
  ledger.owe(ledger.receive(), 5);
  assert.equal(ledger.settle(2), 0);
  assert.equal(ledger.settle(4), 1);
  assert.equal(ledger.settle(4), 0);
  assert.equal(ledger.settle(9), 1);
});

test('a step 2 pays one for the handshake that it answers, and none for a resync', () => {
  const ledger = new Ledger();
  ledger.restart(true);
  assert.equal(ledger.receiveStepTwo().debts, 1);
  ledger.askedResync();
  assert.equal(ledger.receiveStepTwo().debts, 0);
});

test('a step 2 pays what was parked before it, and what is completed later pays nothing again', () => {
  const ledger = new Ledger();
  const parked = ledger.receive();
  ledger.park(parked);
  ledger.park(ledger.receive());
  ledger.askedResync();
  const stepTwo = ledger.receiveStepTwo();
  assert.equal(stepTwo.debts, 2);
  ledger.owe(stepTwo, 7);
  ledger.unpark(parked, 8);
  assert.equal(ledger.settle(10), 2);
});

test('what was parked and is completed without a step 2 is paid once', () => {
  const ledger = new Ledger();
  const parked = ledger.receive();
  ledger.park(parked);
  ledger.unpark(parked, 4);
  ledger.unpark(parked, 4);
  assert.equal(ledger.settle(4), 1);
});

test('a restart forgets all that was owed, also what is decided later', () => {
  const ledger = new Ledger();
  const undecided = ledger.receive();
  ledger.owe(ledger.receive(), 1);
  ledger.restart(true);
  ledger.owe(undecided, 1);
  assert.equal(ledger.settle(9), 0);
  assert.equal(ledger.receiveStepTwo().debts, 1);
});

test('of two handshakes on the way only the last one is paid', () => {
  const ledger = new Ledger();
  ledger.restart(true);
  ledger.restart(true);
  assert.equal(ledger.receiveStepTwo().debts, 0);
  assert.equal(ledger.receiveStepTwo().debts, 1);
});

test('what the client may or may not count is paid when nothing else is owed, and only then', () => {
  const ledger = new Ledger();
  ledger.owe(ledger.receive('unsure'), 1);
  ledger.owe(ledger.receive(0), 1);
  ledger.owe(ledger.receive(), 2);
  assert.equal(ledger.settle(1), 0);
  assert.equal(ledger.settleUnsure(), 0);
  assert.equal(ledger.settle(2), 1);
  assert.equal(ledger.settleUnsure(), 1);
  assert.equal(ledger.settleUnsure(), 0);
});

test('ACK-1: what the client may or may not count is not paid before it is on disk', () => {
  const ledger = new Ledger();
  ledger.owe(ledger.receive('unsure'), 5);
  assert.equal(ledger.settle(4), 0);
  assert.equal(ledger.settleUnsure(), 0);
  assert.equal(ledger.settle(5), 0);
  assert.equal(ledger.settleUnsure(), 1);
});

test('ACK-1: nor while something else is undecided, also when it was parked and a step 2 brings it', () => {
  const ledger = new Ledger();
  const parked = ledger.receive('unsure');
  ledger.park(parked);
  ledger.askedResync();
  const stepTwo = ledger.receiveStepTwo();
  assert.equal(ledger.settleUnsure(), 0);
  ledger.owe(stepTwo, 7);
  assert.equal(ledger.settle(6), 0);
  assert.equal(ledger.settleUnsure(), 0);
  ledger.settle(7);
  assert.equal(ledger.settleUnsure(), 1);
});

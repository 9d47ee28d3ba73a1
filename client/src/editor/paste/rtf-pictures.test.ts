import assert from 'node:assert/strict';
import { test } from 'node:test';
import { picturesWithin } from '@sheaf/schema/parse-html';
import { picturesOfRtf } from './rtf-pictures.ts';

test('PASTE-8: the pictures that Word puts beside its HTML are found in their order, each once', () => {
  const rtf =
    '{\\rtf1\\ansi {\\fonttbl{\\f0 Arial;}}\\pard words \\{\\pict not one\\} ' +
    '{\\*\\shppict{\\pict{\\*\\picprop\\shplid1025{\\sp{\\sn shapeType}{\\sv 75}}}\\picscalex100\\picw423\\pich265\\pngblip\\bliptag-12{\\*\\blipuid 00ff}\r\n89504e\r\n470D}}' +
    '{\\nonshppict {\\pict\\picw423\\wmetafile8\\bliptag-12 0100}} more ' +
    '{\\*\\shppict{\\pict\\emfblip 0001}}{\\shp{\\sp{\\sn pib}{\\sv {\\pict\\jpegblip ffd8}}}}';
  assert.deepEqual(
    picturesOfRtf(rtf).map((one) => one && [one.type, Buffer.from(one.bytes).toString('hex')]),
    [['image/png', '89504e470d'], null, ['image/jpeg', 'ffd8']],
  );
  assert.deepEqual(picturesOfRtf('{\\rtf1 {\\pict\\pngblip'), [null]);
  assert.deepEqual(picturesOfRtf(''), []);
});

test('PASTE-8: the pictures of HTML that it holds or names by a place on a disk, but no signs', () => {
  const html =
    '<p><img src="file:///C:/a.png" width=160><img src="data:image/png;base64,AA=="><img src="https://example.org/x.png">' +
    '<img src="data:image/gif;base64,AA==" width=16 height=16><img src="data:image/png;base64,AA==" aria-roledescription="checkbox"></p>' +
    '<table><tr><td><img src="FILE:///b.png"></table>';
  assert.deepEqual(picturesWithin(html), ['file:///C:/a.png', 'data:image/png;base64,AA==', 'FILE:///b.png']);
  assert.deepEqual(picturesWithin('words'), []);
});

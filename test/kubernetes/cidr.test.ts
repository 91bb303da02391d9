import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contains, ipBlockContains, parseCidr } from '../../src/kubernetes/cidr.ts';

describe('contains', () => {
  it.each([
    ['0.0.0.0/0', '169.254.169.254', true],
    ['169.254.0.0/16', '169.254.169.254/32', true],
    ['169.254.169.254', '169.254.169.254', true],
    ['169.254.170.0/24', '169.254.169.254', false],
    ['10.0.0.0/8', '10.255.255.255', true],
    ['10.0.0.0/8', '11.0.0.0', false],
    ['10.0.0.0/8', '0.0.0.0/0', false],
    ['::/0', '169.254.169.254', false],
    ['::/0', 'fd00:ec2::254', true],
    ['fd00::/8', 'fd00:ec2::254', true],
    ['2001:db8::/32', '2001:db8:ffff::1', true],
    ['::ffff:0:0/96', '::ffff:10.0.0.1', true],
  ])('%s and %s: %s', (range, other, expected) => {
    expect(contains(range, other)).toBe(expected);
  });

  it.each([
    '',
    '10.0.0',
    '10.0.0.256',
    '010.0.0.1',
    '10.0.0.0/33',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    ':::',
    '1::2::3',
    'g::',
  ])('takes %j for no range', (text) => {
    expect(parseCidr(text)).toBeUndefined();
    expect(contains(text, '10.0.0.1')).toBe(false);
    expect(contains('0.0.0.0/0', text)).toBe(false);
  });

  it('agrees with a comparison of the leading bits', () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.ipV4(), fc.nat({ max: 32 }), (network, address, length) => {
        const bits = (text: string) =>
          text
            .split('.')
            .map((byte) => Number(byte).toString(2).padStart(8, '0'))
            .join('')
            .slice(0, length);
        expect(contains(`${network}/${length}`, address)).toBe(bits(network) === bits(address));
      }),
    );
  });

  it('holds every address of IPv6 that it can read in the range of its own first bits', () => {
    fc.assert(
      fc.property(fc.ipV6(), fc.nat({ max: 128 }), (address, length) => {
        expect(contains(`${address}/${length}`, address)).toBe(true);
        expect(contains('::/0', `${address}/${length}`)).toBe(true);
      }),
    );
  });
});

describe('ipBlockContains', () => {
  it('leaves out the exceptions', () => {
    const block = { cidr: '0.0.0.0/0', except: ['10.0.0.0/8', '169.254.169.254/32'] };
    expect(ipBlockContains(block, '169.254.169.254')).toBe(false);
    expect(ipBlockContains(block, '169.254.169.253')).toBe(true);
    expect(ipBlockContains({}, '169.254.169.254')).toBe(false);
  });
});

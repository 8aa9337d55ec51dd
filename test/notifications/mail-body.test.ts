import { describe, expect, it } from '@jest/globals';
import { html, kept, plainText, readKept } from '../../src/notifications/mail-body.js';

const body = {
  subject: 'APP-7: <refused> & "final"',
  sections: [
    {
      heading: null,
      text: "About Evil & Sons <img src=x onerror=alert(1)>:\n\n- one <b>\n- it's two\n\nhttps://evil.example/\nNext line.",
      link: 'https://access.example.org/?application=a&b=c',
    },
  ],
  turnOff: 'https://access.example.org/unsubscribe/person~kind~mac',
};

describe('a letter’s two forms', () => {
  it('say the same', () => {
    expect(plainText(body)).toBe(
      `${body.sections[0]?.text}\n\nhttps://access.example.org/?application=a&b=c\n\n-- \nYou need not get e-mails like this one. Turn them off:\n${body.turnOff}\n`,
    );
    const page = html(body);
    expect(page).toContain('<ul><li>one &lt;b&gt;</li><li>it&#39;s two</li></ul>');
    expect(page).toContain('<p>https://evil.example/<br>Next line.</p>');
    expect(page).toContain('<title>APP-7: &lt;refused&gt; &amp; &quot;final&quot;</title>');
  });

  it('have of HTML only the portal’s own: nothing that people write is a tag, a link or an image', () => {
    const page = html(body);
    expect(page).not.toMatch(/<img|<script|<b>|<a href="https:\/\/evil/);
    expect(page).toContain('&lt;img src=x onerror=alert(1)&gt;');
    expect([...page.matchAll(/href="([^"]*)"/g)].map(([, link]) => link)).toEqual([
      'https://access.example.org/?application=a&amp;b=c',
      body.turnOff,
    ]);
    expect(page).toContain('<meta name="color-scheme" content="light dark">');
    expect(page).not.toMatch(/(^|[^-])color:|background|https?:\/\/(?!access\.example\.org|evil\.example)/);
  });

  it('are kept as what they are made of; a letter of an earlier version is its text', () => {
    expect(readKept(kept(body.sections))).toEqual(body.sections);
    expect(readKept('Hello.\n\nhttps://access.example.org/\n')).toEqual([
      { heading: null, text: 'Hello.\n\nhttps://access.example.org/\n', link: null },
    ]);
  });
});

"""What a page measures on a small screen: how wide it is, what is too low to hit, what evidence stands beside it."""

from playwright.sync_api import Page

WIDTHS = (320, 390, 768)
"""Two phones and a tablet."""
_EXEMPT = "CodeMirror"
"""The field behind the editor, which nobody sees: the editor itself is touched."""
_MEASURED = """width => {
  const box = e => e.getBoundingClientRect(), text = e => (e.textContent || '').trim();
  const unseen = 'svg, .unseen, .skip, details:not([open]) > :not(summary)';
  const shown = e => box(e).width && box(e).height && !e.closest(unseen);
  // A link within a sentence is exempt (WCAG 2.5.8, Inline): its size is that of the line that it stands in.
  const inline = e => getComputedStyle(e).display === 'inline' && text(e.parentElement).length > text(e).length + 2;
  const touched = e => (['checkbox', 'radio'].includes(e.type) && e.closest('label')) || e;
  const all = [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, summary, textarea')];
  return [
    ...(document.documentElement.scrollWidth > width ? ['wide: ' + document.documentElement.scrollWidth] : []),
    ...all.filter(e => shown(e) && !inline(e) && !e.closest('.EXEMPT') && box(touched(e)).height < 43.5)
      .map(e => 'low: ' + (text(e) || e.name).slice(0, 40)),
    ...[...document.querySelectorAll('main q')].filter(e => shown(e) && (box(e).right > width + 1 || box(e).left < -1))
      .map(e => 'beside: ' + text(e).slice(0, 40)),
  ];
}""".replace("EXEMPT", _EXEMPT)


def faults(page: Page, width: int) -> list[str]:
    """List what does not fit a screen of some width or cannot be hit by a finger: targets of less than 44 pixels."""
    page.set_viewport_size({"width": width, "height": 900})
    found: list[str] = page.evaluate(_MEASURED, width)
    return found

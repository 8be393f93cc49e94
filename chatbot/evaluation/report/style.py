"""The style sheet of the HTML report."""

STYLE = """
:root { color-scheme: light dark; --ink: #1d2126; --paper: #fff; --dim: #5b6570; --rule: #d8dde3;
  --a: #1f5fbf; --b: #b4540a; --good: #d8f0dc; --bad: #fbdcd9; --some: #fdf0c8; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ed; --paper: #15181c; --dim: #9aa5b1;
  --rule: #343b43; --a: #7fb0ff; --b: #f2a65a; --good: #1c4527; --bad: #5a2320; --some: #4d3f12; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 15px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
main { max-width: 1000px; margin: 0 auto; padding: 24px 16px 64px; }
h1, h2, h3 { line-height: 1.2; } h2 { margin-top: 48px; } h4 { margin: 0 0 4px; }
h5 { margin: 0; color: var(--dim); font-weight: 600; }
a { color: var(--a); } .dim, small { color: var(--dim); }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
caption { text-align: left; font-weight: 600; padding: 8px 0; }
th, td { padding: 3px 12px 3px 0; border-bottom: 1px solid var(--rule); text-align: right; }
th:first-child, td:last-child { text-align: left; } th { font-weight: 500; }
th[scope=rowgroup] { padding-top: 12px; font-weight: 700; }
tr.worse td { background: var(--bad); } tr.better td { background: var(--good); }
.plots { display: flex; flex-wrap: wrap; gap: 16px; } figure { margin: 16px 0; max-width: 440px; }
svg { max-width: 100%; height: auto; }
.failed { border-left: 4px solid #c5362b; padding: 4px 12px; background: var(--bad); }
.case { border-top: 1px solid var(--rule); padding: 12px 0; }
.pair { display: grid; grid-template-columns: 1fr 1fr; gap: 24px; }
.pair p { margin: 4px 0; white-space: pre-wrap; }
@media (max-width: 640px) { .pair { grid-template-columns: 1fr; } table { font-size: 13px; } }
mark { color: inherit; border-radius: 3px; padding: 0 2px; }
mark.both { background: var(--good); } mark.missed { background: var(--some); }
mark.extra { background: var(--bad); }
ul { padding-left: 18px; }
"""

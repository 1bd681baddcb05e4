// The colours and styles that all elements share. Colours are custom properties of the document, which shadow trees inherit.
"use strict";

window.kempelen = {};

window.kempelen.THEME = `
  :root {
    color-scheme: light dark;
    --crowd-ink: #16242b; --crowd-text: #43535b; --crowd-soft: #5b6b73; --crowd-line: #dde4e6; --crowd-edge: #c8d2d5;
    --crowd-paper: #f4f7f7; --crowd-card: #fff; --crowd-well: #e9eeef; --crowd-chosen: #ecfdf9;
    --crowd-accent: #0f766e; --crowd-on-accent: #fff; --crowd-off: #6f8582; --crowd-on-off: #fff; --crowd-focus: #0d9488; --crowd-warn: #b42318;
  }
  @media (prefers-color-scheme: dark) {
    :root {
      --crowd-ink: #e8eff1; --crowd-text: #c3d0d4; --crowd-soft: #9db0b6; --crowd-line: #2b3a40; --crowd-edge: #4a5d64;
      --crowd-paper: #10181b; --crowd-card: #1a2529; --crowd-well: #0a1012; --crowd-chosen: #10332f;
      --crowd-accent: #2dd4bf; --crowd-on-accent: #04231f; --crowd-off: #34464b; --crowd-on-off: #b4c4c9; --crowd-focus: #5eead4; --crowd-warn: #ff9b8f;
    }
  }
  html, body { height: 100%; margin: 0; }
  body { font: 16px/1.5 system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; color: var(--crowd-ink); background: var(--crowd-paper); }
  full-instructions, short-instructions { display: none; }
`;

window.kempelen.STYLE = `
  * { box-sizing: border-box; }
  [hidden] { display: none !important; }
  h2 { margin: 0 0 .6rem; font-size: .78rem; font-weight: 600; letter-spacing: .06em; text-transform: uppercase; color: var(--crowd-soft); }
  header { font-size: 1.35rem; font-weight: 600; letter-spacing: -.01em; text-align: center; overflow-wrap: anywhere; }
  :focus-visible { outline: 3px solid var(--crowd-focus); outline-offset: 2px; }
  .link { padding: 0; border: 0; background: none; font: inherit; color: var(--crowd-accent); text-decoration: underline; cursor: pointer; }
  .choice { display: flex; align-items: center; gap: .7rem; min-height: 2.75rem; padding: .6rem .85rem; margin-bottom: .55rem; font-size: 1rem; color: var(--crowd-ink); background: var(--crowd-card); border: 1px solid var(--crowd-edge); border-radius: 10px; cursor: pointer; overflow-wrap: anywhere; }
  .choice > span { min-width: 0; }
  .choice small { display: block; font-size: .85rem; line-height: 1.35; color: var(--crowd-soft); }
  .choice:hover { border-color: var(--crowd-accent); }
  .choice:has(:checked) { border-color: var(--crowd-accent); background: var(--crowd-chosen); box-shadow: inset 0 0 0 1px var(--crowd-accent); }
  .choice:has(:disabled) { color: var(--crowd-soft); border-color: var(--crowd-line); cursor: default; }
  .choice:has(:focus-visible) { outline: 3px solid var(--crowd-focus); outline-offset: 2px; }
  .choice :focus-visible { outline: none; }
  .choice.suggested { border: 2px dashed var(--crowd-accent); }
  .choice .tag { display: table; margin: .1rem 0; padding: 0 .5rem; font-size: .78rem; font-weight: 600; line-height: 1.6; color: var(--crowd-accent); border: 1px dashed; border-radius: 1rem; white-space: nowrap; }
  .note { margin: 0 0 .8rem; font-size: .9rem; color: var(--crowd-text); }
  .apart { margin-top: 1.1rem; }
  input[type=radio], input[type=checkbox] { width: 1.15rem; height: 1.15rem; margin: 0; accent-color: var(--crowd-accent); flex: none; }
  kbd { margin-left: auto; font: 600 .72rem/1.5 ui-monospace, "DejaVu Sans Mono", monospace; color: var(--crowd-soft); background: var(--crowd-paper); border: 1px solid var(--crowd-line); border-radius: 4px; padding: 0 .4rem; }
  .button { display: inline-flex; align-items: center; justify-content: center; gap: .5rem; min-width: 2.5rem; min-height: 2.5rem; padding: 0 .8rem; font: inherit; font-size: .95rem; color: var(--crowd-ink); background: var(--crowd-card); border: 1px solid var(--crowd-edge); border-radius: 8px; cursor: pointer; white-space: nowrap; }
  .button:hover:enabled { border-color: var(--crowd-accent); }
  .button:disabled { color: var(--crowd-soft); border-color: var(--crowd-line); cursor: default; }
  .button[aria-pressed=true] { border-color: var(--crowd-accent); background: var(--crowd-chosen); box-shadow: inset 0 0 0 1px var(--crowd-accent); }
  .field { display: block; width: 100%; padding: .65rem .8rem; font: inherit; color: var(--crowd-ink); background: var(--crowd-card); border: 1px solid var(--crowd-edge); border-radius: 8px; resize: vertical; }
  .field:focus-visible { border-color: var(--crowd-accent); }
  .problem { margin: .5rem 0 0; color: var(--crowd-warn); overflow-wrap: anywhere; }
  .text { white-space: pre-wrap; overflow-wrap: anywhere; }
  dialog { max-width: min(38rem, calc(100vw - 2rem)); padding: 1.75rem; border: 0; border-radius: 14px; box-shadow: 0 24px 60px -20px rgb(0 0 0 / .5); color: var(--crowd-ink); background: var(--crowd-card); }
  dialog h3 { margin: 1.25rem 0 .5rem; font-size: 1rem; }
  dialog dt { font-weight: 600; overflow-wrap: anywhere; }
  dialog dd { margin: 0 0 .5rem; color: var(--crowd-text); overflow-wrap: anywhere; }
  dialog .example { display: block; width: auto; height: auto; min-height: 0; margin: 0 0 1rem; padding: .6rem; background: var(--crowd-paper); border: 1px solid var(--crowd-line); border-left: 4px solid var(--crowd-accent); border-radius: 8px; overflow: hidden; }
  dialog .example.bad { border-left-color: var(--crowd-warn); }
  dialog .example img { display: block; width: auto; max-width: 100%; height: auto; max-height: 16rem; margin: 0 auto; object-fit: contain; border-radius: 4px; }
  dialog figcaption { margin-top: .5rem; font-size: .93rem; color: var(--crowd-text); overflow-wrap: anywhere; }
  dialog::backdrop { background: rgb(10 16 20 / .5); }
  dialog h2 { font-size: 1.2rem; letter-spacing: 0; text-transform: none; color: inherit; }
  dialog .button { margin-top: 1rem; }
  dialog > .button { position: sticky; bottom: 0; }
  @media (max-width: 50rem), (hover: none) { kbd { display: none; } }
`;

// A question above what it is about, between the instructions and the answers.
window.kempelen.BOARD = `
  :host { display: block; flex: 1 0 0; min-height: min(24rem, 100%); }
  .board { display: grid; grid-template: auto 1fr / 15rem minmax(0, 1fr) 17rem; height: 100%; }
  header { grid-column: 1 / -1; padding: 1.1rem 1.5rem .3rem; }
  aside { padding: 1.25rem 1.5rem; overflow: auto; font-size: .93rem; color: var(--crowd-text); overflow-wrap: anywhere; }
  figure { position: relative; margin: .75rem 0 1.25rem; min-width: 0; min-height: 0; display: flex; align-items: center; justify-content: center; background: var(--crowd-well); border-radius: 14px; overflow: hidden; }
  figure > img { width: 100%; height: 100%; object-fit: contain; }
  figure > .problem { position: absolute; margin: 0; padding: 1rem; text-align: center; }
  .target { align-self: start; max-height: calc(100% - 2rem); margin: .75rem 0 1.25rem; padding: 1.5rem; min-width: 0; overflow: auto; font-size: 1.15rem; background: var(--crowd-card); border: 1px solid var(--crowd-line); border-radius: 14px; overflow-wrap: anywhere; }
  @media (max-width: 50rem) {
    :host { flex: none; min-height: 0; }
    .board { display: flex; flex-direction: column; height: auto; }
    header { padding: 1rem 1rem .2rem; font-size: 1.15rem; }
    aside { padding: 1rem; }
    figure { height: 42vh; margin: .75rem 1rem 0; flex: none; }
    .target { align-self: start; max-height: calc(100% - 2rem); margin: .75rem 1rem 0; padding: 1rem; align-self: stretch; max-height: 50vh; }
    .instructions { order: 1; }
  }
`;

// Elements that stand below one another in the form.
window.kempelen.CARD = `
  :host { display: block; flex: none; width: min(56rem, 100%); margin: 0 auto; padding: 1.1rem 1.5rem 0; box-sizing: border-box; }
  :host(:last-of-type) { padding-bottom: 1.25rem; }
  header { margin-bottom: .9rem; }
  header:empty { display: none; }
  .instructions { margin-top: 1.1rem; font-size: .93rem; color: var(--crowd-text); overflow-wrap: anywhere; }
  .card { padding: 1.1rem 1.25rem; background: var(--crowd-card); border: 1px solid var(--crowd-line); border-radius: 14px; }
  @media (max-width: 50rem) {
    :host { padding: .9rem 1rem 0; }
    header { font-size: 1.15rem; }
  }
`;

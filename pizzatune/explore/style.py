"""How explorers look: one style, for JupyterLab's light and dark theme and for where there is no theme."""

from __future__ import annotations

from pizzatune.plots.palette import BASIL, INK, LINE, PAPER, PENCIL, TOMATO

ON_TOMATO = "#211510"  # text on a tomato-red button

CHEVRON = (  # seen on light and dark: the arrow of ipywidgets is black
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 18 18' fill='none' "
    "stroke='%23998a7c' stroke-width='2'%3E%3Cpath d='m5 7 4 4 4-4'/%3E%3C/svg%3E"
)

STYLE = f"""<style>
.pt-explorer {{
  border: 1px solid var(--jp-border-color2, {LINE}); border-radius: 12px; padding: 12px 16px 14px;
  overflow: hidden; color: var(--jp-ui-font-color1, {INK});
  --pt-size: clamp(14px, 0.75vw + 3.6px, 18px);  /* larger on a projector than on a small laptop */
  --jp-widgets-font-size: var(--pt-size); --jp-widgets-inline-height: calc(2 * var(--pt-size));
}}
.pt-explorer .widget-html-content {{ line-height: 1.4; }}
.pt-explorer input, .pt-explorer select, .pt-explorer button {{ font-family: inherit !important; }}
/* After a kernel restart every widget would get a broken chain; the picture and its sentence still stand. */
.pt-explorer .jupyter-widgets-disconnected::before, .pt-explorer.jupyter-widgets-disconnected::before {{
  display: none !important;
}}
.pt-style {{ display: none !important; }}

.pt-title {{ font-size: calc(1.25 * var(--pt-size)); font-weight: 700; }}
.pt-title .pt-busy {{
  display: none; margin-left: 10px; font-size: calc(0.93 * var(--pt-size)); font-weight: 400;
  color: var(--jp-ui-font-color2, {PENCIL});
}}
.pt-running .pt-title .pt-busy {{ display: inline; }}

.pt-body {{ gap: 12px 20px; overflow: visible !important; align-items: flex-start; }}
.pt-panel {{
  flex: 0 1 calc(20.5 * var(--pt-size)); min-width: 240px; gap: 1px; overflow: visible !important;
}}
.pt-stage {{ flex: 1 1 560px; min-width: 0; }}
.pt-stage, .pt-control, .pt-control > .jupyter-widgets {{ overflow: visible !important; }}

.pt-explorer .pt-picture {{
  border-radius: 10px; background: {PAPER}; display: block; height: auto; margin: 0 0 4px;
  overflow: hidden;
  transition: opacity 0.15s, filter 0.15s;
}}
.pt-failed .pt-picture {{ opacity: 0.3; filter: grayscale(1); }}
.pt-reading {{ min-height: 3em; font-size: calc(1.07 * var(--pt-size)); }}
.pt-error {{ border-left: 4px solid {TOMATO}; padding-left: 10px; }}

.pt-labelled:has(> input:disabled) > label.widget-label,
.pt-labelled:has(> select:disabled) > label.widget-label {{
  opacity: 0.55;
}}
.pt-group {{
  font-size: calc(0.93 * var(--pt-size)); font-weight: 700; color: var(--jp-ui-font-color2, {PENCIL});
  border-bottom: 1px solid var(--jp-border-color2, {LINE}); margin: 6px 0 3px;
}}
.pt-explorer .widget-label, .pt-explorer .pt-text {{
  font-size: var(--pt-size); line-height: calc(2 * var(--pt-size)); color: var(--jp-ui-font-color1, {INK});
}}
.pt-labelled > label.widget-label {{
  flex: 1 1 auto; width: auto !important; max-width: none; min-width: 0; text-align: left; overflow: visible;
}}
.pt-labelled > input, .pt-labelled > select {{ min-width: 0; font-size: var(--pt-size) !important; }}
.pt-labelled > input {{ flex: 0 0 calc(7 * var(--pt-size)) !important; width: 7em; }}
.pt-labelled > select {{
  flex: 0 1 calc(11.3 * var(--pt-size)) !important; background-image: url("{CHEVRON}") !important;
}}
.pt-wide > select {{ flex-basis: calc(13.3 * var(--pt-size)) !important; }}
/* The unit stands inside the box, so that boxes and lists end on one line; no arrows in its way. */
.pt-row {{ position: relative; overflow: visible !important; }}
.pt-row .pt-labelled {{ margin-right: 2px; }}
.pt-row input {{ appearance: textfield; }}
.pt-row input::-webkit-inner-spin-button {{ display: none; }}
.pt-has-unit input {{ padding-right: calc(2.7 * var(--pt-size)); }}
.pt-unit {{
  position: absolute !important; right: 10px; top: 0; pointer-events: none; overflow: visible !important;
}}
.pt-has-unit:has(input:disabled) .pt-unit {{ opacity: 0.55; }}

.pt-slider {{ position: relative; height: 18px !important; margin: 0 4px 2px !important; }}
.pt-slider > label.widget-label {{
  position: absolute !important; width: 1px !important; height: 1px; margin: -1px; padding: 0 !important;
  overflow: hidden; clip-path: inset(50%); white-space: nowrap;
}}
.pt-slider .noUi-connect {{ background: {TOMATO} !important; }}
.pt-slider .noUi-handle {{
  background: {TOMATO} !important; border: 2px solid {PAPER} !important;
  box-shadow: 0 0 0 1px {TOMATO} !important;
}}
.pt-slider [disabled] .noUi-handle, .pt-slider .noUi-target[disabled] .noUi-handle {{
  background: {LINE} !important; box-shadow: 0 0 0 1px {LINE} !important;
}}
.pt-explorer .noUi-handle:focus-visible, .pt-explorer button:focus-visible,
.pt-chip input:focus-visible {{ outline: 3px solid {BASIL}; outline-offset: 2px; }}

.pt-chips {{ flex-flow: row wrap !important; gap: 5px; margin: 2px 0 6px; overflow: visible !important; }}
.pt-chip {{ width: auto !important; height: auto !important; margin: 0 !important; }}
.pt-chip label.widget-label-basic {{
  display: inline-flex; align-items: center; gap: 5px; padding: 1px 9px 1px 7px; cursor: pointer;
  border: 1px solid var(--jp-border-color1, {LINE}); border-radius: 14px;
  font-size: calc(0.93 * var(--pt-size)); line-height: calc(1.57 * var(--pt-size));
  color: var(--jp-ui-font-color1, {INK});
}}
.pt-chip label.widget-label-basic:has(input:checked) {{
  background: {TOMATO}; border-color: {TOMATO}; color: {ON_TOMATO};
}}
.pt-chip input {{ margin: 0 !important; accent-color: {INK}; }}

.pt-buttons {{ gap: 6px; margin-bottom: 6px; }}
.pt-explorer .pt-buttons button {{
  flex: 1 1 0; min-width: 0; width: auto; margin: 0; padding: 0 4px; border-radius: 6px;
  font-size: calc(0.93 * var(--pt-size));
}}
.pt-toggles {{ flex-flow: row wrap; }}
.pt-toggles > label.widget-label {{ flex: 1 0 100%; text-align: left; width: auto; max-width: none; }}
.pt-toggles .widget-toggle-button {{
  width: auto; padding: 0 10px; font-size: calc(0.93 * var(--pt-size)); border-radius: 6px;
}}
.pt-explorer .pt-toggles .mod-active, .pt-explorer .pt-main {{ background: {TOMATO}; color: {ON_TOMATO}; }}
</style>"""
"""A style element: JupyterLab's colours where it has them, ours elsewhere; pictures stay on their paper."""

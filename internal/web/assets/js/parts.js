// What replaces parts of a page: htmx, and its extension for "something changed" (server-sent events).
import 'htmx.org';
import 'htmx.org/dist/ext/hx-sse.js';

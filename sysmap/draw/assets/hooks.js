// Hooks: parts of the script tell one another what happened and need not know who listens.
//
// "changed" (view): the picture, the table or the selection is another one; view is what is shown.
// "reset": the first picture is back.
// "started": everything is wired and drawn for the first time.

const listeners = new Map();

function on(event, listener) {
  if (!listeners.has(event)) listeners.set(event, []);
  listeners.get(event).push(listener);
}

function emit(event, detail) {
  for (const listener of listeners.get(event) || []) listener(detail);
}

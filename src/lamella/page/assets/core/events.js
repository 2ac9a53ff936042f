// What panels listen to: change, select, theme, language, data, play.

const listeners = {};

export const listen = (event, listener) => {
  (listeners[event] ||= []).push(listener);
};
export const listenFirst = (event, listener) => {
  (listeners[event] ||= []).unshift(listener);
};
export const announce = (event, ...facts) => {
  for (const listener of listeners[event] || []) listener(...facts);
};

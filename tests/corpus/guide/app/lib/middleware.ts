export const middleware = {};

package delivery

// MethodsQuery is what the test of its plan explains.
const MethodsQuery = methods

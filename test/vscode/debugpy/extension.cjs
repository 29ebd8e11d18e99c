/** Stands for the Python debugger's extension: with the Python that a launch configuration names it starts the adapter of debugpy. */
const vscode = require("vscode");

exports.activate = ({ subscriptions }) => {
  const createDebugAdapterDescriptor = ({ configuration }) =>
    new vscode.DebugAdapterExecutable(configuration.python, ["-m", "debugpy.adapter"]);
  subscriptions.push(vscode.debug.registerDebugAdapterDescriptorFactory("debugpy", { createDebugAdapterDescriptor }));
};

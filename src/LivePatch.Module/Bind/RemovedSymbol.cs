namespace LivePatch.Module.Bind;

/// <summary>A function or variable, visible to other files, that the patch takes out of an object.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Owner">"vmlinux" or the module that has it.</param>
/// <param name="Path">The object's path in the tree.</param>
public sealed record RemovedSymbol(string Name, string Owner, string Path);

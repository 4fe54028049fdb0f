namespace LivePatch.Kbuild.Makefiles;

/// <summary>One logical line of a makefile.</summary>
/// <param name="Text">What counts of it, in one form: without comment, continuations and superfluous white space. Empty for a line that
/// does nothing.</param>
/// <param name="Raw">How it stands in the file, line ends included.</param>
internal readonly record struct MakefileLine(string Text, string Raw);

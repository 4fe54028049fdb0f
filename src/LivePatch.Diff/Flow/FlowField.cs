using LivePatch.Diff.Objects;

namespace LivePatch.Diff.Flow;

/// <summary>What the relocated field of an instruction brings.</summary>
/// <param name="Memory">To its memory operand.</param>
/// <param name="Constant">To its constant.</param>
/// <param name="Branch">The target of a branch; null when it is none.</param>
/// <param name="Place">The atom the memory operand is in; null when that is not known.</param>
internal readonly record struct FlowField(FlowTaint Memory, FlowTaint Constant, Reference? Branch, Atom? Place);

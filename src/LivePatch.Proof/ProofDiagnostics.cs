using LivePatch.Core.Diagnostics;

namespace LivePatch.Proof;

/// <summary>Messages of the proof that a module does what the patched objects say.</summary>
public static class ProofDiagnostics
{
    private const string Report = "Do not load this module; report it with its build log. Leaving out of the patch what the place belongs to may avoid it.";

    /// <summary>An instruction is another one.</summary>
    public static readonly DiagnosticDescriptor OtherInstruction = new(
        "LP0750", DiagnosticKind.Error, "An instruction of the module is not the patched object's", Report);

    /// <summary>An address leads elsewhere.</summary>
    public static readonly DiagnosticDescriptor OtherAddress = new(
        "LP0751", DiagnosticKind.Error, "An address in the module leads elsewhere than in the patched object", Report);

    /// <summary>Private data has other content.</summary>
    public static readonly DiagnosticDescriptor OtherContent = new(
        "LP0752", DiagnosticKind.Error, "Data of the module is not the patched object's", Report);

    /// <summary>The entries of a table are not the object's.</summary>
    public static readonly DiagnosticDescriptor OtherEntries = new(
        "LP0753", DiagnosticKind.Error, "The module's table entries for a function are not the patched object's", Report);

    /// <summary>The module has a copy of what the running kernel has.</summary>
    public static readonly DiagnosticDescriptor SecondState = new(
        "LP0754", DiagnosticKind.Error, "The module has its own copy of what the running kernel keeps", Report);

    /// <summary>A row of klp_func is wrong.</summary>
    public static readonly DiagnosticDescriptor WrongRow = new(
        "LP0755", DiagnosticKind.Error, "A row of the module's table of functions is wrong", Report);

    /// <summary>A name and position mean another symbol.</summary>
    public static readonly DiagnosticDescriptor WrongPosition = new(
        "LP0756", DiagnosticKind.Error, "A name and position lead to another symbol of the kernel", Report);

    /// <summary>Code of the module that nothing explains.</summary>
    public static readonly DiagnosticDescriptor Unexplained = new(
        "LP0757", DiagnosticKind.Error, "Something in the module stands for nothing in the patched objects", Report);

    /// <summary>A section is not loaded as its content needs.</summary>
    public static readonly DiagnosticDescriptor WrongSection = new(
        "LP0758", DiagnosticKind.Error, "A section of the module is not loaded as its content needs", Report);

    /// <summary>A relocation the kernel would apply differently or not at all.</summary>
    public static readonly DiagnosticDescriptor WrongRelocation = new(
        "LP0759", DiagnosticKind.Error, "A relocation of the module is not applied as its section says", Report);

    /// <summary>Code that cannot be cut into instructions.</summary>
    public static readonly DiagnosticDescriptor CannotFollow = new(
        "LP0760", DiagnosticKind.Error, "The proof cannot follow the code",
        "Report the function with its object: the proof must know every instruction. '--no-proof' builds without it.");

    /// <summary>What nothing in the target confirms.</summary>
    public static readonly DiagnosticDescriptor Unconfirmed = new(
        "LP0761", DiagnosticKind.Note, "Nothing in the target confirms which of several symbols a name means", "None is needed.");

    /// <summary>The objects of an earlier build are not there.</summary>
    public static readonly DiagnosticDescriptor NoObjects = new(
        "LP0762", DiagnosticKind.Error, "The objects a proof needs are not there",
            "Build the module with '--proof DIRECTORY', and name that directory.");
}

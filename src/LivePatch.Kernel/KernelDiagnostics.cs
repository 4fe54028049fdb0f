using LivePatch.Core.Diagnostics;

namespace LivePatch.Kernel;

/// <summary>Diagnostics of the kernel layer, LP02xx.</summary>
public static class KernelDiagnostics
{
    /// <summary>The native disassembler library cannot be loaded.</summary>
    public static readonly DiagnosticDescriptor DisassemblerMissing = new(
        "LP0201", DiagnosticKind.Error, "The disassembler library cannot be loaded",
        "Keep libcapstone.so in the directory of the klp-build executable; publish or install klp-build again.");

    /// <summary>The kernel or object is for a machine this tool does not know.</summary>
    public static readonly DiagnosticDescriptor UnknownMachine = new(
        "LP0202", DiagnosticKind.Error, "Unsupported architecture",
        "Give a kernel, module or object for a machine that is named above.");

    /// <summary>A symbol listing is not what nm or readelf print.</summary>
    public static readonly DiagnosticDescriptor BadSymbolText = new(
        "LP0211", DiagnosticKind.Error, "A symbol listing cannot be read",
        "Give a vmlinux, a kernel image, a module, or the output of 'nm' or 'readelf -sW' of one.");

    /// <summary>A line of Module.symvers is malformed.</summary>
    public static readonly DiagnosticDescriptor BadSymvers = new(
        "LP0212", DiagnosticKind.Error, "Module.symvers is malformed",
        "Install the kernel's headers package again: the file was cut short or edited.");

    /// <summary>A kernel configuration is malformed.</summary>
    public static readonly DiagnosticDescriptor BadConfig = new(
        "LP0213", DiagnosticKind.Error, "The kernel configuration is malformed",
        "Give the .config of the kernel's build, e.g. /boot/config-RELEASE.");

    /// <summary>The kernel lacks an option livepatching needs.</summary>
    public static readonly DiagnosticDescriptor ConfigLacks = new(
        "LP0214", DiagnosticKind.Error, "The kernel's configuration lacks what livepatching needs",
        "Use a kernel with that option, or give its configuration with --config when this is the wrong file.");

    /// <summary>The kernel has an option under which objects cannot be compared.</summary>
    public static readonly DiagnosticDescriptor ConfigRefused = new(
        "LP0215", DiagnosticKind.Error, "The kernel was built in a way that cannot be reproduced for one object",
        "Use a kernel built without that option.");

    /// <summary>The kernel has or lacks an option the user should know about.</summary>
    public static readonly DiagnosticDescriptor ConfigWarning = new(
        "LP0216", DiagnosticKind.Warning, "The kernel's configuration restricts livepatches",
        "Read the message: the livepatch can be built.");

    /// <summary>A file given as a kernel image is none.</summary>
    public static readonly DiagnosticDescriptor NotKernelImage = new(
        "LP0221", DiagnosticKind.Error, "Not a kernel image",
        "Give /boot/vmlinuz-RELEASE or the vmlinux of the kernel with --image.");

    /// <summary>The packed kernel in an image cannot be unpacked.</summary>
    public static readonly DiagnosticDescriptor PayloadCorrupt = new(
        "LP0222", DiagnosticKind.Error, "The kernel image cannot be unpacked",
        "Check that the file is complete (install the kernel's image package again), and that the unpacker of its format is installed "
            + "(xz).");

    /// <summary>The program that unpacks this format is not installed.</summary>
    public static readonly DiagnosticDescriptor DecompressorMissing = new(
        "LP0223", DiagnosticKind.Error, "The program that unpacks the kernel image is missing",
        "Install the program named, or give an unpacked vmlinux with --image.");

    /// <summary>No symbols can be read from the image.</summary>
    public static readonly DiagnosticDescriptor KallsymsMissing = new(
        "LP0224", DiagnosticKind.Error, "The kernel image's symbols cannot be read",
        "The kernel must be built with CONFIG_KALLSYMS. Give a vmlinux with a symbol table with --image, and please report the kernel's "
            + "version.");

    /// <summary>The image has no banner.</summary>
    public static readonly DiagnosticDescriptor BannerMissing = new(
        "LP0225", DiagnosticKind.Error, "The kernel image does not say its version",
        "Give /boot/vmlinuz-RELEASE or the vmlinux of the kernel with --image.");

    /// <summary>The image has no list of ftrace sites.</summary>
    public static readonly DiagnosticDescriptor FtraceSitesMissing = new(
        "LP0226", DiagnosticKind.Error, "The kernel image's traceable functions cannot be read",
        "The kernel must be built with CONFIG_DYNAMIC_FTRACE; functions of another cannot be replaced.");

    /// <summary>An unpacked image could not be kept.</summary>
    public static readonly DiagnosticDescriptor CacheNotWritten = new(
        "LP0228", DiagnosticKind.Warning, "The unpacked kernel image could not be kept",
        "Free space, or choose another directory with --cache: the next run unpacks the image again.");

    /// <summary>No build directory is installed, and none was named.</summary>
    public static readonly DiagnosticDescriptor NoKernel = new(
        "LP0231", DiagnosticKind.Error, "No kernel to build for is installed",
        "Install the headers package of the kernel to patch, or name its parts with --headers, --image and --source.");

    /// <summary>More than one release is installed and the running kernel is none of them.</summary>
    public static readonly DiagnosticDescriptor SeveralKernels = new(
        "LP0232", DiagnosticKind.Error, "Several kernels are installed",
        "Choose one with -k RELEASE.");

    /// <summary>The build directory of the target is missing.</summary>
    public static readonly DiagnosticDescriptor HeadersMissing = new(
        "LP0233", DiagnosticKind.Error, "The kernel's headers are not installed",
        "Install the headers package of that kernel.");

    /// <summary>The configuration of the target is missing.</summary>
    public static readonly DiagnosticDescriptor ConfigMissing = new(
        "LP0234", DiagnosticKind.Error, "The kernel's configuration is missing",
        "Give the .config of the kernel with --config.");

    /// <summary>The build directory has no Module.symvers.</summary>
    public static readonly DiagnosticDescriptor SymversMissing = new(
        "LP0235", DiagnosticKind.Error, "Module.symvers is missing",
        "Install the headers package of that kernel again.");

    /// <summary>The image of the target is missing.</summary>
    public static readonly DiagnosticDescriptor ImageMissing = new(
        "LP0236", DiagnosticKind.Error, "The kernel image is not installed",
        "Install the image package of that kernel.");

    /// <summary>The source of the target is missing.</summary>
    public static readonly DiagnosticDescriptor SourceMissing = new(
        "LP0237", DiagnosticKind.Error, "The kernel's source is not installed",
        "Install the source package of that kernel.");

    /// <summary>The modules directory of the target is missing.</summary>
    public static readonly DiagnosticDescriptor ModulesMissing = new(
        "LP0238", DiagnosticKind.Error, "The kernel's modules are not installed",
        "Install the image package of that kernel.");

    /// <summary>A release that cannot be one.</summary>
    public static readonly DiagnosticDescriptor BadRelease = new(
        "LP0239", DiagnosticKind.Error, "Not a kernel release",
        "Give the release as 'uname -r' prints it, e.g. 6.1.0-56 with what the distribution adds.");

    /// <summary>A path given as source is none.</summary>
    public static readonly DiagnosticDescriptor NotSource = new(
        "LP0240", DiagnosticKind.Error, "Not a kernel source",
        "Give the top directory of a kernel source, or a tarball of one, with --source.");

    /// <summary>Headers or image are of another release.</summary>
    public static readonly DiagnosticDescriptor ReleaseMismatch = new(
        "LP0241", DiagnosticKind.Error, "Parts of different kernels",
        "Give the parts of one kernel; without options they are found by release.");

    /// <summary>The source has another version than the image.</summary>
    public static readonly DiagnosticDescriptor SourceMismatch = new(
        "LP0242", DiagnosticKind.Error, "The source is not what the kernel was built from",
        "Install the source package of the image's version.");

    /// <summary>The headers have another package version than the image.</summary>
    public static readonly DiagnosticDescriptor HeadersMismatch = new(
        "LP0243", DiagnosticKind.Error, "The headers are not of the kernel's version",
        "Install the headers package of the image's version.");

    /// <summary>The compiler cannot be started.</summary>
    public static readonly DiagnosticDescriptor CompilerMissing = new(
        "LP0244", DiagnosticKind.Error, "The kernel's compiler is not installed",
        "Install the compiler the kernel was built with.");

    /// <summary>The compiler says another version than the banner.</summary>
    public static readonly DiagnosticDescriptor CompilerMismatch = new(
        "LP0245", DiagnosticKind.Error, "The compiler is not the one that built the kernel",
        "Install exactly that compiler.");

    /// <summary>A mismatch the user asked to accept.</summary>
    public static readonly DiagnosticDescriptor MismatchAccepted = new(
        "LP0246", DiagnosticKind.Warning, "A mismatch was accepted",
        "Check the module with 'klp-build verify' before using it.");

    /// <summary>The version of the source cannot be read.</summary>
    public static readonly DiagnosticDescriptor SourceVersionUnknown = new(
        "LP0247", DiagnosticKind.Error, "The source does not tell its version",
        "Give the top directory of a kernel source, or a complete tarball, with --source.");

    /// <summary>The source lacks the patches of the kernel's flavour.</summary>
    public static readonly DiagnosticDescriptor FlavourSource = new(
        "LP0248", DiagnosticKind.Error, "The source is not that of the kernel's flavour",
        "Give the source with the flavour's patches applied with --source.");

    /// <summary>A configured tree was given that holds no built kernel.</summary>
    public static readonly DiagnosticDescriptor TreeNotBuilt = new(
        "LP0250", DiagnosticKind.Error, "The kernel tree is not built",
        "Build the kernel in that tree first; give an O= directory with --headers.");

    /// <summary>The configuration was changed after the kernel was built.</summary>
    public static readonly DiagnosticDescriptor ConfigNewer = new(
        "LP0251", DiagnosticKind.Error, "The kernel tree was configured anew after it was built",
        "Build the kernel again, or put back the configuration it was built with.");
}

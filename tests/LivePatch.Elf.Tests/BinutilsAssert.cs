namespace LivePatch.Elf.Tests;

/// <summary>binutils take the object without a word of complaint.</summary>
internal static class BinutilsAssert
{
    public static void Accept(byte[] bytes)
    {
        using var directory = new TemporaryDirectory();
        var path = directory.File("subject.o");
        File.WriteAllBytes(path, bytes);
        Quiet("readelf", "-aW", path);
        Quiet("objdump", "-dr", path);
        Quiet("ld", "-r", "-o", directory.File("linked.o"), path);
    }

    private static void Quiet(string program, params string[] arguments)
    {
        var result = Tool.Run(program, arguments);
        Assert.True(result.Succeeded, $"{program}: {result.Error}");

        // ld has opinions on executable stacks that are no complaint about the format.
        var complaints = result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(
                static line =>
                    !line.Contains("GNU-stack", StringComparison.Ordinal)
                        && !line.Contains("NOTE: This behaviour", StringComparison.Ordinal));
        Assert.Empty(complaints);
    }
}

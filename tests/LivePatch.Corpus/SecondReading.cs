using LivePatch.TestSupport;

namespace LivePatch.Corpus;

/// <summary>Files that this project's code has written, read by a library that shares nothing with it.</summary>
internal static class SecondReading
{
    /// <summary>Says what the readers see differently.</summary>
    /// <param name="files">Whole ELF files: paths.</param>
    /// <param name="errors">Receives a line per difference.</param>
    /// <returns>How many files are seen differently.</returns>
    public static int Run(IEnumerable<string> files, TextWriter errors)
    {
        var different = 0;
        foreach (var file in files)
        {
            var differences = SecondReader.Differences(File.ReadAllBytes(file), file);
            different += differences.Count > 0 ? 1 : 0;
            foreach (var difference in differences)
            {
                errors.WriteLine($"{file}: {difference}");
            }
        }

        return different;
    }
}

using System.ComponentModel;
using System.Diagnostics;

namespace LivePatch.Kernel.Images.Compression;

/// <summary>Unpacks through a program of the system, bytes in and bytes out of its pipes. Kept apart from the text
/// process runner, which would have to decode 60 MB as characters.</summary>
internal static class SystemDecompressor
{
    /// <summary>Unpacks.</summary>
    /// <param name="program">Program that reads packed bytes from its input and writes them unpacked to its output.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="packed">The packed bytes.</param>
    /// <param name="unpacked">Receives the output.</param>
    /// <returns>False when the program is not installed.</returns>
    /// <exception cref="InvalidDataException">It does not accept the input; carries its message.</exception>
    public static bool TryUnpack(string program, string[] arguments, ReadOnlyMemory<byte> packed, GrowingBuffer unpacked)
    {
        var start = new ProcessStartInfo(program)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using var process = new Process { StartInfo = start };
        try
        {
            process.Start();
        }
        catch (Win32Exception)
        {
            return false;
        }

        try
        {
            // All three pipes move at once: a program that blocks on one of them would never end.
            var error = process.StandardError.ReadToEndAsync();
            var feeding = Task.Run(() => Feed(process, packed));
            unpacked.ReadAll(process.StandardOutput.BaseStream);
            feeding.Wait();
            process.WaitForExit();
            if (process.ExitCode != 0)
            {
                throw new InvalidDataException($"{program} says: {error.Result.Trim().ReplaceLineEndings("; ")}");
            }

            return true;
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }

    private static void Feed(Process process, ReadOnlyMemory<byte> packed)
    {
        try
        {
            using var input = process.StandardInput.BaseStream;
            input.Write(packed.Span);
        }
        catch (IOException)
        {
            // The program stopped reading; its exit code and message tell why.
        }
    }
}

using LivePatch.Proof;

namespace LivePatch.Cli.Rendering;

/// <summary>What a proof looked at, for people.</summary>
internal static class ProofText
{
    public static void Write(TextWriter output, ProofResult proof)
    {
        output.WriteLine(
            $"{(proof.IsProved ? "proved" : "not proved")}: {proof.Functions} functions ({proof.Replaced} replaced), {proof.References} references, {proof.Tables} table entries, "
            + $"{proof.Literals} literals, {proof.Positions} positions among equal names");
        if (proof.ToOld + proof.ToNew > 0)
        {
            output.WriteLine($"calls of replaced functions: {proof.ToOld} by way of the kernel's entry, {proof.ToNew} straight to the module's");
        }

        foreach (var item in proof.Private)
        {
            output.WriteLine($"the module's own: {item.Object}: {item.Name}: {item.Reason}");
        }

        foreach (var (rule, count) in proof.Forgiven)
        {
            output.WriteLine($"forgiven: {rule}: {count}");
        }

        foreach (var item in proof.Unconfirmed)
        {
            output.WriteLine($"unconfirmed: {item}");
        }
    }
}

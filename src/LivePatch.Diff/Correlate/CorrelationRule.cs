namespace LivePatch.Diff.Correlate;

/// <summary>Why two atoms were taken for the same thing, from the strongest evidence to the weakest.</summary>
public enum CorrelationRule
{
    /// <summary>Same name in the same file, or the same global name.</summary>
    Name,

    /// <summary>Same name but for serial numbers.</summary>
    Family,

    /// <summary>Same name, another scope: a static function or variable became global or the reverse.</summary>
    OtherScope,

    /// <summary>Several candidates, told apart by equal content.</summary>
    Content,

    /// <summary>Several candidates, taken in their order.</summary>
    Order,

    /// <summary>A static local, declared in the same function under the same name.</summary>
    Declaration,

    /// <summary>A variable that moved into a function, out of one, or into another one, and kept its name, its type and its
    /// users.</summary>
    Moved,

    /// <summary>The author says so.</summary>
    Author,

    /// <summary>A static local, paired by the functions that use it.</summary>
    Users,

    /// <summary>A static local, the only one of its name that the callers of its function reach.</summary>
    Callers,

    /// <summary>A nameless section of the same name.</summary>
    Section,

    /// <summary>A static function under another name has the same body, and the old name is gone.</summary>
    Body,
}

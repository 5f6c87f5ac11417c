if not exist "%~dp0python\python.exe" goto missing
set "XLTOOL_HERE=%~dp0"
if not "%XLTOOL_HERE:~0,2%"=="\\" goto run
rem On a share without a drive letter: where programs do not start there, pushd gives it a letter until popd.
"%~dp0python\python.exe" -c "" >nul 2>nul
if "%ERRORLEVEL%"=="0" goto run
pushd "%~dp0" 2>nul
if "%CD:~0,2%"=="\\" goto share
if not exist "%CD%\python\python.exe" goto share
set "XLTOOL_HERE=%CD%\"
goto run
:missing
chcp 936 >nul 2>nul
echo 没找到程序。请把压缩包整个解压出来再双击。
echo 要是已经解压了，可能是杀毒软件删了 python 文件夹里的文件。
set XLTOOL_CODE=2
goto end
:share
popd
chcp 936 >nul 2>nul
echo 这个共享文件夹里的程序起不来。请把整个文件夹复制到本机再双击。
set XLTOOL_CODE=2
goto end
:run
